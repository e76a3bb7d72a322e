import { Link } from 'wouter-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Chip } from '../ui/chip.tsx';
import { toDepartmentName } from '../ui/department-name.ts';
import { formatDuration, formatTime } from '../ui/format-time.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { language } from '../ui/language.ts';
import { listOpenShares } from './desk-conversation.ts';
import { findWaitingSince } from './desk-state.ts';
import { toModalityWord } from './modality-words.ts';
import { toPath } from './place.ts';
import { ShareChip } from './share-chip.tsx';
import { say } from './texts.ts';
import { useServerNow } from './use-server-now.ts';
import { toWaitTone } from './waiting.ts';
import { useWorkbench } from './workbench.ts';
import styles from './conversation-item.module.css';

export interface ConversationItemProps {
  conversation: AgentConversationView;
  isShown: boolean;
}

/** One conversation in the list: who, what was said last, since when they wait, what runs. */
export function ConversationItem({ conversation, isShown }: ConversationItemProps) {
  const { clients } = useWorkbench();
  const { conversationId, visitor, unreadCount, phase } = conversation;
  const waitingSinceAt = findWaitingSince(conversation);
  const isTyping = clients.open.value.get(conversationId)?.isOtherTyping.value ?? false;
  const isEnded = phase === 'ended';
  const hasUnread = unreadCount > 0 && !isEnded;
  const at = isEnded ? conversation.endedAt : (conversation.lastMessage?.sentAt ?? conversation.acceptedAt);
  return (
    <li>
      <Link
        href={toPath({ at: 'conversation', conversationId })}
        class={joinClasses(styles.item, isShown && styles.shown, hasUnread && styles.unread, isEnded && styles.ended)}
        aria-current={isShown ? 'true' : undefined}
      >
        <Avatar name={visitor.name} {...(isEnded ? {} : { presence: visitor.isConnected ? 'online' : 'offline' })} />
        <span class={styles.body}>
          <span class={styles.line}>
            <span class={styles.name}>{visitor.name}</span>
            {waitingSinceAt !== null ? (
              <WaitChip sinceAt={waitingSinceAt} />
            ) : (
              <span class={styles.time}>{at === null ? null : formatTime(at, language.value)}</span>
            )}
          </span>
          <span class={styles.line}>
            <span class={styles.preview}>
              {isTyping ? say('isWriting') : <LastMessage conversation={conversation} />}
            </span>
            {hasUnread ? (
              <span class={styles.count}>
                <span aria-hidden="true">{unreadCount}</span>
                <span class={styles.spoken}>{say('unread', { count: unreadCount })}</span>
              </span>
            ) : null}
          </span>
          <span class={styles.chips}>
            <StateChips conversation={conversation} />
          </span>
        </span>
      </Link>
    </li>
  );
}

function LastMessage({ conversation: { lastMessage, phase } }: { conversation: AgentConversationView }) {
  if (!lastMessage) return <>{say(phase === 'ended' ? 'noMessages' : 'noMessageYet')}</>;
  return (
    <>
      {lastMessage.senderKind === 'agent' ? `${say('you')}: ` : null}
      {lastMessage.preview}
    </>
  );
}

/** How long the visitor has been without an answer; the colour says it before the number is read. */
function WaitChip({ sinceAt }: { sinceAt: number }) {
  const waitedMs = Math.max(0, useServerNow() - sinceAt);
  return <Chip tone={toWaitTone(waitedMs)}>{say('waitsFor', { time: formatDuration(waitedMs) })}</Chip>;
}

function StateChips({ conversation }: { conversation: AgentConversationView }) {
  const { phase, visitor, call, modality, department } = conversation;
  const isCalling = call !== null && call.phase !== 'ended' && phase !== 'ended';
  return (
    <>
      {isCalling ? <CallChip call={call} /> : <Chip>{toModalityWord(modality)}</Chip>}
      {listOpenShares(conversation).map((share) => (
        <ShareChip key={share.shareId} share={share} />
      ))}
      {phase === 'held' ? <Chip>{say('onHold')}</Chip> : null}
      {phase !== 'ended' && !visitor.isConnected ? <Chip tone="warn">{say('visitorAway')}</Chip> : null}
      <Chip>{toDepartmentName(department)}</Chip>
    </>
  );
}

function CallChip({ call }: { call: NonNullable<AgentConversationView['call']> }) {
  const now = useServerNow();
  if (call.phase === 'proposed') {
    return call.proposedBy === 'visitor' ? (
      <Chip tone="warn">{say('callRings')}</Chip>
    ) : (
      <Chip tone="accent">{say('calling')}</Chip>
    );
  }
  if (call.liveAt === null) return <Chip tone="accent">{say('connectingCall')}</Chip>;
  const time = formatDuration(now - call.liveAt);
  return <Chip tone="accent">{say(call.modality === 'video' ? 'videoCallTime' : 'voiceCallTime', { time })}</Chip>;
}
