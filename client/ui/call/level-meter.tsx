import { useEffect, useState } from 'preact/hooks';
import { createMicrophoneLevel, type MicrophoneLevel } from '../../../media/browser/microphone-level.ts';
import { sayCall } from './call-texts.ts';
import styles from './device-preview.module.css';

/** Bars from quiet to loud; ordinary speech at arm's length lights three or four. */
const BARS = [0.15, 0.35, 0.5, 0.65, 0.8];

/** How loud one's own microphone is right now; empty while it is off. */
export function LevelMeter({ track }: { track: MediaStreamTrack | null }) {
  const [measured, setMeasured] = useState<MicrophoneLevel | null>(null);
  useEffect(() => {
    if (track === null) return undefined;
    const level = createMicrophoneLevel(track);
    setMeasured(level);
    return () => {
      setMeasured(null);
      level.close();
    };
  }, [track]);
  const level = measured?.level.value ?? 0;
  return (
    <span
      class={styles.meter}
      role="meter"
      aria-label={sayCall('level')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(level * 100)}
    >
      {BARS.map((from) => (
        <span key={from} class={styles.tick} data-lit={level >= from} />
      ))}
    </span>
  );
}
