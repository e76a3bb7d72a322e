import { useEffect, useState } from 'preact/hooks';
import { VideoOff } from 'lucide-preact';
import type { LocalMedia } from '../../../media/browser/local-media.ts';
import { createMicrophoneLevel, type MicrophoneLevel } from '../../../media/browser/microphone-level.ts';
import { sayCall } from './call-texts.ts';
import { DeviceSelect } from './device-select.tsx';
import { MediaFaultCard } from './media-fault-card.tsx';
import { SelfView } from './self-view.tsx';
import styles from './call-panel.module.css';

/** Before joining: how one looks and whether one is heard, with the choice of devices. Starts nothing by itself. */
export function DevicePreview({ localMedia }: { localMedia: LocalMedia }) {
  const microphone = localMedia.microphone.state.value;
  const camera = localMedia.camera.state.value;
  const cameraTrack = camera.phase === 'on' ? camera.track : null;
  const [picture, setPicture] = useState<MediaStream | null>(null);
  useEffect(() => setPicture(cameraTrack === null ? null : new MediaStream([cameraTrack])), [cameraTrack]);

  return (
    <div class={styles.preview}>
      <div class={styles.previewStage}>
        {picture === null ? (
          <span class={styles.previewOff}>
            <VideoOff size={20} aria-hidden />
            {sayCall('previewOff')}
          </span>
        ) : (
          <SelfView stream={picture} isLarge />
        )}
      </div>
      {microphone.phase === 'on' ? <LevelMeter track={microphone.track} /> : null}
      {microphone.phase === 'failed' ? (
        <MediaFaultCard fault={microphone.fault} onTryAgain={() => void localMedia.microphone.retry()} />
      ) : null}
      {camera.phase === 'failed' ? (
        <MediaFaultCard fault={camera.fault} onTryAgain={() => void localMedia.camera.retry()} />
      ) : null}
      <DeviceSelect kind="microphone" devices={localMedia.devices} />
      <DeviceSelect kind="camera" devices={localMedia.devices} />
    </div>
  );
}

function LevelMeter({ track }: { track: MediaStreamTrack }) {
  const [measured, setMeasured] = useState<MicrophoneLevel | null>(null);
  useEffect(() => {
    const level = createMicrophoneLevel(track);
    setMeasured(level);
    return () => level.close();
  }, [track]);
  return (
    <meter class={styles.level} min={0} max={1} value={measured?.level.value ?? 0} aria-label={sayCall('level')} />
  );
}
