import { useEffect, useState } from 'preact/hooks';
import { X } from 'lucide-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import { Button } from '../ui/button.tsx';
import { sayRequest } from './share-request-texts.ts';
import { toEndWords } from './share-end-words.ts';
import { useWorkbench } from './workbench.ts';
import styles from './share-stage-panel.module.css';

/** Long enough to be read when one looks up from writing. */
const SHOWN_MS = 15_000;

/** Says for a while how the last share ended, unless the agent ended it. */
export function ShareEndNote({ conversation }: { conversation: AgentConversationView }) {
  const { connection } = useWorkbench();
  const [ended, setEnded] = useState<ShareView | null>(null);
  const { conversationId, shares, visitor } = conversation;

  useEffect(
    () =>
      connection.on('share:changed', ({ share }) => {
        if (share.conversationId !== conversationId) return;
        setEnded((known) => (share.phase === 'ended' ? share : known?.kind === share.kind ? null : known));
      }),
    [connection, conversationId],
  );
  useEffect(() => {
    if (ended === null) return;
    const timer = setTimeout(() => setEnded(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [ended]);

  const isOpenAgain = shares.some(({ kind }) => kind === ended?.kind);
  const words = ended === null || isOpenAgain ? null : toEndWords(ended, visitor.name);
  return (
    <div role="status">
      {words === null ? null : (
        <div class={styles.note}>
          <p class={styles.words}>{words}</p>
          <Button
            size="small"
            variant="ghost"
            label={sayRequest('dismiss')}
            icon={<X size={16} />}
            onClick={() => setEnded(null)}
          />
        </div>
      )}
    </div>
  );
}
