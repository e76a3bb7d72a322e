import { PhoneCall } from 'lucide-preact';
import { useLocation } from 'wouter-preact';
import type { ConversationId } from '../../protocol/ids.ts';
import { Button } from '../ui/button.tsx';
import { formatDuration } from '../ui/format-time.ts';
import { toPath } from './place.ts';
import { say } from './texts.ts';
import { useServerNow } from './use-server-now.ts';
import { useWorkbench } from './workbench.ts';
import styles from './call-bar.module.css';

/** A running call never hides: while the agent looks elsewhere, one line leads back to it. */
export function CallBar({ shownId }: { shownId: ConversationId | null }) {
  const { desk, calls } = useWorkbench();
  const state = desk.state.value;
  if (state.phase !== 'ready') return null;
  const elsewhere = [...state.conversations.values()].filter(
    (conversation) => conversation.conversationId !== shownId && calls.stageOf(conversation).stage === 'here',
  );
  return (
    <>
      {elsewhere.map(({ conversationId, visitor, call }) => (
        <div class={styles.bar} key={conversationId}>
          <PhoneCall size={17} aria-hidden="true" />
          <span class={styles.words}>
            {say('callRunsWith', { name: visitor.name })}
            {call?.liveAt ? <CallTime liveAt={call.liveAt} /> : null}
          </span>
          <BackToCall conversationId={conversationId} />
        </div>
      ))}
    </>
  );
}

function CallTime({ liveAt }: { liveAt: number }) {
  const now = useServerNow();
  return <span class={styles.time}>{formatDuration(Math.max(0, now - liveAt))}</span>;
}

function BackToCall({ conversationId }: { conversationId: ConversationId }) {
  const [, setPath] = useLocation();
  return (
    <Button size="small" onClick={() => setPath(toPath({ at: 'conversation', conversationId }))}>
      {say('backToCall')}
    </Button>
  );
}
