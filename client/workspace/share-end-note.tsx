import { useEffect, useState } from 'preact/hooks';
import { X } from 'lucide-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { ShareId } from '../../protocol/ids.ts';
import { Button } from '../ui/button.tsx';
import { listOpenShares } from './desk-conversation.ts';
import { toEndWords } from './share-end-words.ts';
import { sayRequest } from './share-request-texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './share-stage-panel.module.css';

/** Long enough to be read when one looks up from writing. */
const SHOWN_MS = 15_000;

/** Says for a while how the last share ended, unless the agent ended it. */
export function ShareEndNote({ conversation }: { conversation: AgentConversationView }) {
  const { shares, visitor } = conversation;
  const { desk } = useWorkbench();
  const [read, setRead] = useState<ReadonlySet<ShareId>>(new Set());
  const ended = shares.find(({ phase, shareId }) => phase === 'ended' && !read.has(shareId));
  // Whoever comes to this conversation later reads it in the log.
  const isNews = ended !== undefined && desk.serverNow() - (ended.endedAt ?? 0) < SHOWN_MS * 2;
  // What runs or is asked for now matters more than what is over.
  const words = isNews && listOpenShares(conversation).length === 0 ? toEndWords(ended, visitor.name) : null;
  const dismiss = (): void => {
    if (ended) setRead((known) => new Set(known).add(ended.shareId));
  };
  useEffect(() => {
    if (!ended) return;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [ended?.shareId]);
  return (
    <div role="status">
      {words === null ? null : (
        <div class={styles.note}>
          <p class={styles.words}>{words}</p>
          <Button size="small" variant="ghost" label={sayRequest('dismiss')} icon={<X size={16} />} onClick={dismiss} />
        </div>
      )}
    </div>
  );
}
