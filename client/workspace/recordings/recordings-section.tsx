import { History, Play } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { AgentConversationView } from '../../../protocol/conversations.ts';
import type { RecordingView } from '../../../protocol/recordings.ts';
import { Button } from '../../ui/button.tsx';
import { formatDuration, formatMoment } from '../../ui/format-time.ts';
import { language } from '../../ui/language.ts';
import { useWorkbench } from '../workbench.ts';
import { formatBytes } from './format-bytes.ts';
import { loadPlayback } from './load-playback.ts';
import { listRecordings } from './recording-source.ts';
import { sayRecording } from './recordings-texts.ts';
import styles from './recordings-section.module.css';

/** What somebody wants to look back at. */
export type Lookback = { kind: 'recording'; recording: RecordingView } | { kind: 'history' };

export interface RecordingsSectionProps {
  conversation: AgentConversationView;
  onLookBack(at: Lookback): void;
}

/** In the details of a conversation: what was recorded of it, and what happened while something was shared. */
export function RecordingsSection({ conversation, onLookBack }: RecordingsSectionProps) {
  const { recordings, isFailed, retry } = useRecordings(conversation);
  return (
    <section class={styles.section}>
      <h3>{sayRecording('recordings')}</h3>
      {isFailed ? (
        <p class={styles.soft} role="alert">
          {sayRecording('listFailed')}{' '}
          <Button size="small" onClick={retry}>
            {sayRecording('tryAgain')}
          </Button>
        </p>
      ) : recordings.length === 0 ? (
        <p class={styles.soft}>{sayRecording('none')}</p>
      ) : (
        <ul class={styles.list}>
          {recordings.map((recording) => (
            <RecordingItem
              key={recording.shareId}
              recording={recording}
              onPlay={() => onLookBack({ kind: 'recording', recording })}
            />
          ))}
        </ul>
      )}
      <Button
        variant="ghost"
        size="small"
        class={styles.history ?? ''}
        icon={<History size={15} />}
        onClick={() => onLookBack({ kind: 'history' })}
      >
        {sayRecording('historyShort')}
      </Button>
    </section>
  );
}

function RecordingItem({ recording, onPlay }: { recording: RecordingView; onPlay(): void }) {
  const { startedAt, lastAt, bytes, isRunning } = recording;
  const time = formatMoment(startedAt, Date.now(), language.value);
  const length = formatDuration(lastAt - startedAt);
  return (
    <li class={styles.item}>
      <Button
        size="small"
        isRound
        label={sayRecording('playOf', { time, length })}
        icon={<Play size={14} fill="currentcolor" />}
        onClick={onPlay}
      />
      <span class={styles.words}>
        {time}
        <span class={styles.soft}>
          {isRunning
            ? sayRecording('running')
            : sayRecording('kept', { length, size: formatBytes(bytes, language.value) })}
        </span>
      </span>
    </li>
  );
}

type PlaybackModule = Awaited<ReturnType<typeof loadPlayback>>;

/**
 * What is looked back at, in a dialog; the code that plays comes when it is needed. Its place is outside of the details:
 * a dialog in a panel that a narrower window hides would be gone and still hold the focus.
 */
export function Playback(props: { conversation: AgentConversationView; lookback: Lookback; onClose(): void }) {
  const [module, setModule] = useState<PlaybackModule | null>(null);
  useEffect(() => {
    let isGone = false;
    loadPlayback().then(
      (loaded) => !isGone && setModule(loaded),
      () => !isGone && props.onClose(),
    );
    return () => {
      isGone = true;
    };
  }, []);
  if (module === null) return null;
  const { conversation, lookback, onClose } = props;
  if (lookback.kind === 'history') return <module.HistoryDialog conversation={conversation} onClose={onClose} />;
  return <module.RecordingDialog conversation={conversation} recording={lookback.recording} onClose={onClose} />;
}

/** Asked for anew whenever a share of this conversation has moved on. */
function useRecordings({ conversationId, shares, phase }: AgentConversationView) {
  const { connection } = useWorkbench();
  const [recordings, setRecordings] = useState<readonly RecordingView[]>([]);
  const [isFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const moved = shares.map((share) => `${share.shareId} ${share.phase}`).join(' ');
  useEffect(() => {
    let isGone = false;
    listRecordings(connection, conversationId).then(
      (list) => {
        if (isGone) return;
        setRecordings(list);
        setFailed(false);
      },
      () => !isGone && setFailed(true),
    );
    return () => {
      isGone = true;
    };
  }, [connection, conversationId, moved, phase, attempt]);
  return { recordings, isFailed, retry: () => setAttempt(attempt + 1) };
}
