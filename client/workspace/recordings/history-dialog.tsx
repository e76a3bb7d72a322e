import { useEffect, useState } from 'preact/hooks';
import type { AgentConversationView } from '../../../protocol/conversations.ts';
import type { ShareHistoryEntry } from '../../../protocol/recordings.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useWorkbench } from '../workbench.ts';
import { HistoryList } from './history-list.tsx';
import { listHistory } from './recording-source.ts';
import { sayRecording } from './recordings-texts.ts';

/** What happened while something was shared, also where nothing was recorded. */
export function HistoryDialog({ conversation, onClose }: { conversation: AgentConversationView; onClose(): void }) {
  const { connection } = useWorkbench();
  const [history, setHistory] = useState<readonly ShareHistoryEntry[] | 'failed' | null>(null);
  const { conversationId } = conversation;
  const load = (): void => {
    setHistory(null);
    listHistory(connection, conversationId).then(setHistory, () => setHistory('failed'));
  };
  useEffect(load, [connection, conversationId]);
  return (
    <Dialog title={sayRecording('history')} onClose={onClose}>
      {history === null ? (
        <div aria-busy="true" aria-label={sayRecording('loading')}>
          <Skeleton width="100%" height="120px" />
        </div>
      ) : history === 'failed' ? (
        <p role="alert">
          {sayRecording('listFailed')} <Button onClick={load}>{sayRecording('tryAgain')}</Button>
        </p>
      ) : history.length === 0 ? (
        <p>{sayRecording('historyNone')}</p>
      ) : (
        <HistoryList history={history} />
      )}
    </Dialog>
  );
}
