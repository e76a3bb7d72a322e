import { Pause, Play, RotateCcw, RotateCw } from 'lucide-preact';
import type { ShareHistoryEntry } from '../../../protocol/recordings.ts';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { language } from '../../ui/language.ts';
import { Switch } from '../../ui/switch.tsx';
import { sayEntry } from './history-words.ts';
import { toPageName } from './page-name.ts';
import type { RecordingPlan, Scene } from './recording-plan.ts';
import { SPEEDS, type RecordingPlayer, type Speed } from './recording-player.ts';
import { sayRecording } from './recordings-texts.ts';
import { sayHistory } from './history-texts.ts';
import styles from './player-controls.module.css';

interface PlayerControlsProps {
  player: RecordingPlayer;
  history: readonly ShareHistoryEntry[];
  stepMs: number;
}

/** Below the picture: the time line, and how it is played. */
export function PlayerControls({ player, history, stepMs }: PlayerControlsProps) {
  const plan = player.plan.value;
  const isOff = player.phase.value !== 'ready';
  const skipId = useId();
  const playRef = useRef<HTMLButtonElement>(null);
  // Whoever opens a recording wants to play it; the dialog itself would begin at its close button.
  useEffect(() => {
    if (!isOff) playRef.current?.focus();
  }, [isOff]);
  return (
    <div class={styles.controls}>
      {plan === null ? null : <TimeLine player={player} plan={plan} history={history} />}
      <div class={styles.row}>
        <Button
          variant="primary"
          buttonRef={playRef}
          disabled={isOff}
          label={sayRecording(player.isPlaying.value ? 'pause' : 'play')}
          icon={
            player.isPlaying.value ? <Pause size={18} fill="currentcolor" /> : <Play size={18} fill="currentcolor" />
          }
          onClick={player.toggle}
        />
        <Button
          variant="ghost"
          size="small"
          disabled={isOff}
          label={sayRecording('back')}
          icon={<RotateCcw size={16} />}
          onClick={() => player.seek(player.place.peek() - stepMs)}
        />
        <Button
          variant="ghost"
          size="small"
          disabled={isOff}
          label={sayRecording('forward')}
          icon={<RotateCw size={16} />}
          onClick={() => player.seek(player.place.peek() + stepMs)}
        />
        <TimeWords player={player} lengthMs={plan?.lengthMs ?? 0} />
        <span class={styles.space} />
        <span class={styles.skip}>
          <span id={skipId}>{sayRecording('skipIdle')}</span>
          <Switch labelledBy={skipId} isOn={player.skipsIdle.value} onChange={player.setSkipsIdle} />
        </span>
        <label class={styles.speed}>
          {sayRecording('speed')}
          <select
            value={player.speed.value}
            onChange={({ currentTarget }) => player.setSpeed(toSpeed(currentTarget.value))}
          >
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {speed.toLocaleString(language.value)}×
              </option>
            ))}
          </select>
        </label>
      </div>
    </div>
  );
}

function toSpeed(value: string): Speed {
  return SPEEDS.find((speed) => speed === Number(value)) ?? 1;
}

function TimeWords({ player, lengthMs }: { player: RecordingPlayer; lengthMs: number }) {
  return (
    <span class={styles.time}>
      {formatDuration(player.place.value)} / {formatDuration(lengthMs)}
      {player.isWaiting.value ? <span class={styles.waiting}>{sayRecording('loading')}</span> : null}
    </span>
  );
}

interface TimeLineProps {
  player: RecordingPlayer;
  plan: RecordingPlan;
  history: readonly ShareHistoryEntry[];
}

/** A slider of the browser's own, so that keys and screen readers know it, over a picture of what is where. */
function TimeLine({ player, plan, history }: TimeLineProps) {
  const { lengthMs } = plan;
  const place = player.place.value;
  // Drawn once, not with each step of the hand.
  const track = useMemo(() => <Track plan={plan} history={history} />, [plan, history, language.value]);
  const words = { place: formatDuration(place), length: formatDuration(lengthMs) };
  return (
    <div class={styles.line}>
      {track}
      <div class={styles.done} style={{ width: toPercent(place, lengthMs) }} />
      <input
        type="range"
        class={styles.slider}
        min={0}
        max={lengthMs}
        step={1}
        value={place}
        aria-label={sayRecording('place')}
        aria-valuetext={sayRecording('placeOf', words)}
        title={sayRecording('keys')}
        onInput={({ currentTarget }) => player.seek(Number(currentTarget.value))}
      />
    </div>
  );
}

const MARKED: Partial<Record<ShareHistoryEntry['what'], 'act' | 'scope' | 'grant'>> = {
  'share-scope-changed': 'scope',
  'share-paused': 'scope',
  'share-resumed': 'scope',
  'act-done': 'act',
  'act-refused': 'act',
  'grant-given': 'grant',
  'grant-taken-back': 'grant',
};

function Track({ plan, history }: Pick<TimeLineProps, 'plan' | 'history'>) {
  const { lengthMs, startedAt } = plan;
  const left = (place: number) => ({ left: toPercent(place, lengthMs) });
  const stretch = (from: number, to: number) => ({ ...left(from), width: toPercent(to - from, lengthMs) });
  return (
    <div class={styles.track} aria-hidden="true">
      {plan.idle.map(({ from, to }) => (
        <span key={`idle ${from}`} class={styles.idle} style={stretch(from, to)} title={sayRecording('idle')} />
      ))}
      {plan.scenes.filter(isEmpty).map(({ from, to, kind }) => (
        <span key={`${kind} ${from}`} class={styles.empty} data-kind={kind} style={stretch(from, to)} />
      ))}
      {plan.turns.map(({ place, tab }) => (
        <span
          key={`page ${place}`}
          class={styles.mark}
          data-kind="page"
          style={left(place)}
          title={sayHistory('page', { page: toPageName(tab) })}
        />
      ))}
      {history.map((entry) => {
        const kind = MARKED[entry.what];
        const place = entry.at - startedAt;
        if (kind === undefined || place < 0 || place > lengthMs) return null;
        return (
          <span key={entry.entryId} class={styles.mark} data-kind={kind} style={left(place)} title={sayEntry(entry)} />
        );
      })}
    </div>
  );
}

function isEmpty({ kind }: Scene): boolean {
  return kind !== 'page';
}

function toPercent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(3)}%`;
}
