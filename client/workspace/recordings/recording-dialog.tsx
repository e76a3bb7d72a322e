import { useComputed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { AgentConversationView } from '../../../protocol/conversations.ts';
import type { RecordingView, ShareHistoryEntry } from '../../../protocol/recordings.ts';
import { systemClock } from '../../connection/clock.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatDateTime } from '../../ui/format-time.ts';
import { language } from '../../ui/language.ts';
import { useIsDark } from '../share/use-is-dark.ts';
import { ViewerFrame } from '../share/viewer-frame.tsx';
import { useWorkbench } from '../workbench.ts';
import { HistoryList } from './history-list.tsx';
import { PlayerControls } from './player-controls.tsx';
import { createRecordingPlayer, type RecordingPlayer } from './recording-player.ts';
import { createRecordingSource, listHistory } from './recording-source.ts';
import { sayRecording } from './recordings-texts.ts';
import { saySceneCover } from './scene-words.ts';
import cover from '../share/covered-picture.module.css';
import styles from './recording-dialog.module.css';

export interface RecordingDialogProps {
  conversation: AgentConversationView;
  recording: RecordingView;
  onClose(): void;
}

const STEP_MS = 5_000;

/** A recording as it was seen, with what happened beside it. */
export function RecordingDialog({ conversation, recording, onClose }: RecordingDialogProps) {
  const { name } = conversation.visitor;
  const { player, history } = usePlayer(conversation, recording);
  usePlayerLook(player, name, recording);
  const { desk } = useWorkbench();
  const state = desk.state.value;
  const title = `${sayRecording('title', { name })}\u00a0· ${formatDateTime(recording.startedAt, language.value)}`;
  return (
    <Dialog title={title} onClose={onClose} isLarge onKeyDown={(event) => player && handleKey(event, player)}>
      <div class={styles.body}>
        <div class={styles.player}>
          <div class={cover.picture}>
            {player === null || state.phase !== 'ready' ? null : (
              <>
                <ViewerFrame
                  viewerUrl={state.viewerUrl}
                  title={sayRecording('picture', { name })}
                  onPort={player.attach}
                />
                <Cover player={player} name={name} />
              </>
            )}
          </div>
          {player === null ? null : <PlayerControls player={player} history={history} stepMs={STEP_MS} />}
        </div>
        <aside class={styles.beside} aria-label={sayRecording('history')}>
          <h3 class={styles.heading}>{sayRecording('history')}</h3>
          {player === null ? null : <Beside player={player} history={history} />}
        </aside>
      </div>
    </Dialog>
  );
}

/** The list follows the player without drawing the picture anew. */
function Beside({ player, history }: { player: RecordingPlayer; history: readonly ShareHistoryEntry[] }) {
  const plan = player.plan.value;
  // A second is exact enough for a list, which may be long.
  const second = useComputed(() => Math.floor(player.place.value / 1_000));
  if (plan === null) return null;
  const place = second.value * 1_000 + 999;
  return <HistoryList history={history} playing={{ plan, place, onSeek: player.seek }} />;
}

/** What stands over the picture while there is none to see. */
function Cover({ player, name }: { player: RecordingPlayer; name: string }) {
  const words = toCover(player, name);
  return (
    <div class={words === null ? cover.spoken : cover.cover} role="status">
      {words === null ? null : <p>{words}</p>}
      {player.phase.value === 'failed' ? (
        <Button onClick={() => void player.open()}>{sayRecording('tryAgain')}</Button>
      ) : null}
    </div>
  );
}

function toCover({ phase, scene }: RecordingPlayer, name: string): string | null {
  if (phase.value === 'opening') return sayRecording('opening');
  if (phase.value === 'failed') return sayRecording('failed');
  return scene.value === null ? null : saySceneCover(scene.value, name);
}

/** Space and the arrows, wherever the focus is but in something that needs them itself. */
function handleKey(event: KeyboardEvent, player: RecordingPlayer): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { target } = event;
  const isChoice = target instanceof HTMLSelectElement;
  const isButton =
    target instanceof HTMLButtonElement || (target instanceof HTMLInputElement && target.type !== 'range');
  if (event.key === ' ' && !isButton && !isChoice) player.toggle();
  else if (event.key === 'ArrowLeft' && !isChoice) player.seek(player.place.peek() - STEP_MS);
  else if (event.key === 'ArrowRight' && !isChoice) player.seek(player.place.peek() + STEP_MS);
  else return;
  event.preventDefault();
}

function usePlayer({ conversationId }: AgentConversationView, { shareId }: RecordingView) {
  const { connection } = useWorkbench();
  const [player, setPlayer] = useState<RecordingPlayer | null>(null);
  const [history, setHistory] = useState<readonly ShareHistoryEntry[]>([]);
  useEffect(() => {
    const made = createRecordingPlayer({
      source: createRecordingSource(connection, shareId),
      async loadHistory() {
        const entries = (await listHistory(connection, conversationId)).filter((entry) => entry.shareId === shareId);
        setHistory(entries);
        return entries;
      },
      clock: systemClock,
    });
    setPlayer(made);
    void made.open();
    return made.close;
  }, [connection, conversationId, shareId]);
  return { player, history };
}

function usePlayerLook(player: RecordingPlayer | null, visitorName: string, { startedAt }: RecordingView): void {
  const { desk } = useWorkbench();
  const isDark = useIsDark();
  const spoken = language.value;
  const state = desk.state.value;
  // Who plays it, and what: a photograph of the screen says it too.
  const watermark = `${state.phase === 'ready' ? state.agent.name : ''} · ${formatDateTime(startedAt, spoken)}`;
  useEffect(() => {
    player?.setLook({ language: spoken, scheme: isDark ? 'dark' : 'light', visitorName, watermark });
  }, [player, spoken, isDark, visitorName, watermark]);
}
