import { Coffee } from 'lucide-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ConversationItem } from './conversation-item.tsx';
import { countRunning, listConversations } from './desk-state.ts';
import type { ReadyDesk } from './desk-state.ts';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './conversation-list.module.css';

/** All conversations of this agent; who waits longest stands first. */
export function ConversationList({ shownId }: { shownId: ConversationId | null }) {
  const { desk } = useWorkbench();
  const state = desk.state.value;
  return (
    <section class={styles.list} aria-label={say('conversations')} aria-busy={state.phase === 'loading'}>
      <div class={styles.top}>
        <h2 class={styles.title}>{say('conversations')}</h2>
        {state.phase === 'ready' && countRunning(state) > 1 ? <Chip>{say('longestWaitFirst')}</Chip> : null}
      </div>
      <div class={styles.scroller}>
        {state.phase === 'loading' ? <LoadingItems /> : <Items desk={state} shownId={shownId} />}
      </div>
    </section>
  );
}

function Items({ desk, shownId }: { desk: ReadyDesk; shownId: ConversationId | null }) {
  const all = listConversations(desk);
  const running = all.filter(({ phase }) => phase !== 'ended');
  const ended = all.filter(({ phase }) => phase === 'ended');
  if (all.length === 0) return <NothingYet desk={desk} />;
  const toItem = (conversation: AgentConversationView) => (
    <ConversationItem
      key={conversation.conversationId}
      conversation={conversation}
      isShown={conversation.conversationId === shownId}
    />
  );
  return (
    <>
      {running.length > 0 ? <ul>{running.map(toItem)}</ul> : <NothingYet desk={desk} />}
      {ended.length > 0 ? (
        <>
          <h3 class={styles.heading}>{say('ended')}</h3>
          <ul>{ended.map(toItem)}</ul>
        </>
      ) : null}
    </>
  );
}

/** Says what will be here, and what keeps it from coming. */
function NothingYet({ desk }: { desk: ReadyDesk }) {
  const { actions } = useWorkbench();
  const isOff = !desk.agent.isAvailable;
  return (
    <EmptyState
      icon={<Coffee size={24} />}
      title={say('noConversationsTitle')}
      actions={
        isOff ? (
          <Button variant="primary" onClick={() => void actions.setAvailability(true)}>
            {say('switchLiveHelpOn')}
          </Button>
        ) : null
      }
    >
      {say(isOff ? 'noConversationsLiveHelpOff' : 'noConversations')}
    </EmptyState>
  );
}

function LoadingItems() {
  return (
    <ul>
      {[0.9, 0.7, 0.8].map((width) => (
        <li class={styles.loading} key={width}>
          <Skeleton width="36px" height="36px" radius="50%" />
          <span class={styles.loadingWords}>
            <Skeleton width={`${width * 50}%`} height="14px" />
            <Skeleton width={`${width * 100}%`} height="12px" />
            <Skeleton width="72px" height="22px" radius="var(--radius-full)" />
          </span>
        </li>
      ))}
    </ul>
  );
}
