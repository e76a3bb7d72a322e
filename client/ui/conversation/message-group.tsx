import type { ConversationClient } from '../../connection/conversation-client.ts';
import type { Delivery, ShownMessage } from '../../connection/timeline.ts';
import { formatDateTime, formatTime } from '../format-time.ts';
import { joinClasses } from '../join-classes.ts';
import { language } from '../language.ts';
import { sayConversation } from './conversation-texts.ts';
import type { LogBlock } from './group-messages.ts';
import { MessageText } from './message-text.tsx';
import styles from './message-log.module.css';

type FailureCode = Extract<Delivery, { state: 'failed' }>['code'];

export interface MessageGroupProps {
  group: Extract<LogBlock, { kind: 'group' }>;
  conversation: ConversationClient;
  /** The one own message that says whether it was delivered and read. */
  lastOwnKey: string | undefined;
}

/** Texts of one person within a minute, with one line of name, time and state below. */
export function MessageGroup({ group, conversation, lastOwnKey }: MessageGroupProps) {
  const last = group.messages.at(-1) ?? group.messages[0];
  const speaker = group.isOwn
    ? sayConversation('you')
    : group.name || sayConversation(conversation.party === 'visitor' ? 'agent' : 'visitor');
  return (
    <div class={joinClasses(styles.group, group.isOwn && styles.own)}>
      {group.messages.map((message) => (
        <Line key={message.key} message={message} speaker={speaker} conversation={conversation} />
      ))}
      {last.delivery?.state === 'failed' ? null : (
        <Meta
          name={group.isOwn ? null : speaker}
          last={last}
          delivery={group.messages.some(({ key }) => key === lastOwnKey) ? last.delivery : null}
          isOnline={conversation.isOnline.value}
        />
      )}
    </div>
  );
}

function Line(props: { message: ShownMessage; speaker: string; conversation: ConversationClient }) {
  const { message, speaker, conversation } = props;
  if (message.body.kind !== 'text') return null;
  const state = message.delivery?.state;
  const isWaiting = state === 'queued' || state === 'sending';
  return (
    <div class={joinClasses(styles.line, isWaiting && styles.waiting, state === 'failed' && styles.failed)}>
      <span class={styles.hidden}>{`${speaker}: `}</span>
      <div class={styles.bubble} dir="auto" title={formatDateTime(message.sentAt, language.value)}>
        <MessageText text={message.body.text} />
      </div>
      {message.delivery?.state === 'failed' && message.clientMessageId !== null ? (
        <Problem code={message.delivery.code} clientMessageId={message.clientMessageId} conversation={conversation} />
      ) : null}
    </div>
  );
}

function Problem(props: { code: FailureCode; clientMessageId: string; conversation: ConversationClient }) {
  const { code, clientMessageId, conversation } = props;
  return (
    <div class={styles.problem}>
      <span>{toFailureWords(code)}</span>
      {/* Where the conversation is over, trying again cannot help. */}
      {code === 'conversation-ended' ? null : (
        <button type="button" onClick={() => conversation.retry(clientMessageId)}>
          {sayConversation('tryAgain')}
        </button>
      )}
      <button type="button" onClick={() => conversation.discard(clientMessageId)}>
        {sayConversation('discard')}
      </button>
    </div>
  );
}

function Meta(props: { name: string | null; last: ShownMessage; delivery: Delivery | null; isOnline: boolean }) {
  const { name, last, delivery, isOnline } = props;
  const time = formatTime(last.sentAt, language.value);
  const state = last.delivery?.state;
  if (state === 'queued' || state === 'sending') {
    const words = isOnline ? sayConversation('sending') : sayConversation('waitingForConnection');
    return <div class={joinClasses(styles.meta, isOnline && styles.late)}>{words}</div>;
  }
  const stamp = name === null ? time : `${name}, ${time}`;
  return <div class={styles.meta}>{delivery === null ? stamp : `${stamp} · ${toReachWords(delivery)}`}</div>;
}

function toReachWords(delivery: Delivery): string {
  if (delivery.state === 'read' || delivery.state === 'delivered') return sayConversation(delivery.state);
  return sayConversation('sent');
}

function toFailureWords(code: FailureCode): string {
  switch (code) {
    case 'conversation-ended':
      return sayConversation('failedEnded');
    case 'forbidden':
    case 'not-found':
      return sayConversation('failedForbidden');
    case 'bad-input':
    case 'too-large':
      return sayConversation('failedInput');
    case 'internal':
      return sayConversation('failedServer');
    default:
      return sayConversation('notSent');
  }
}
