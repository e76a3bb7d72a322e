import { ArrowDown } from 'lucide-preact';
import type { ConversationClient } from '../../connection/conversation-client.ts';
import type { ShownMessage } from '../../connection/timeline.ts';
import { Button } from '../button.tsx';
import { formatDateTime, formatDay } from '../format-time.ts';
import { joinClasses } from '../join-classes.ts';
import { language } from '../language.ts';
import { Skeleton } from '../skeleton.tsx';
import { sayConversation } from './conversation-texts.ts';
import { groupMessages, type LogBlock } from './group-messages.ts';
import { MessageGroup } from './message-group.tsx';
import { toNoticeWords } from './notice-words.ts';
import { useStickToEnd } from './use-stick-to-end.ts';
import styles from './message-log.module.css';

export interface MessageLogProps {
  conversation: ConversationClient;
  /** The other side's name, for "… is typing". */
  otherName?: string | undefined;
  /** Words of a class that sets the log's place on the page. */
  class?: string;
}

/**
 * The running conversation. It reports what has been read, keeps to the end unless the reader has scrolled up, and
 * lets the person decide about messages that the server refused.
 */
export function MessageLog({ conversation, otherName, class: className }: MessageLogProps) {
  const messages = conversation.messages.value;
  const isTyping = conversation.isOtherTyping.value;
  const last = messages.at(-1);
  const lastOwnKey = findLastOwnKey(messages);
  const lineKey = isTyping && last !== undefined ? `${last.key} typing` : last?.key;
  const stick = useStickToEnd(lineKey, last?.isOwn ?? false, conversation.markRead);
  const isLoading = !conversation.isLoaded.value && messages.length === 0;

  return (
    <div class={joinClasses(styles.frame, className)}>
      <div
        class={styles.log}
        role="log"
        aria-label={sayConversation('conversation')}
        aria-busy={isLoading}
        tabIndex={0}
        ref={stick.scrollerRef}
        onScroll={stick.handleScroll}
      >
        <div class={styles.lines} ref={stick.contentRef}>
          {isLoading ? <LoadingLines failure={conversation.loadFailure.value !== null} /> : null}
          {groupMessages(messages).map((block) => (
            <Block key={block.key} block={block} conversation={conversation} lastOwnKey={lastOwnKey} />
          ))}
          {isTyping ? <TypingDots name={otherName} /> : null}
        </div>
      </div>
      {stick.hasNew.value ? (
        <Button class={styles.jump} size="small" isRound icon={<ArrowDown size={16} />} onClick={stick.goToEnd}>
          {sayConversation('newMessages')}
        </Button>
      ) : null}
    </div>
  );
}

function Block(props: { block: LogBlock; conversation: ConversationClient; lastOwnKey: string | undefined }) {
  const { block, conversation, lastOwnKey } = props;
  switch (block.kind) {
    case 'day':
      return <div class={styles.day}>{formatDay(block.at, Date.now(), language.value)}</div>;
    case 'notice':
      return <Notice message={block.message} reader={conversation.party} />;
    case 'group':
      return <MessageGroup group={block} conversation={conversation} lastOwnKey={lastOwnKey} />;
  }
}

function Notice({ message, reader }: { message: ShownMessage; reader: ConversationClient['party'] }) {
  const words = message.body.kind === 'notice' ? toNoticeWords(message.body, reader) : null;
  if (words === null) return null;
  return (
    <div class={styles.notice} title={formatDateTime(message.sentAt, language.value)}>
      {words}
    </div>
  );
}

function TypingDots({ name }: { name: string | undefined }) {
  return (
    <div class={styles.typing}>
      <i />
      <i />
      <i />
      <span class={styles.hidden}>
        {name ? sayConversation('isTyping', { name }) : sayConversation('otherIsTyping')}
      </span>
    </div>
  );
}

function LoadingLines({ failure }: { failure: boolean }) {
  if (failure) return <div class={styles.notice}>{sayConversation('loadFailed')}</div>;
  return (
    <div class={styles.skeletons}>
      <Skeleton width="62%" height="38px" radius="14px" />
      <Skeleton width="48%" height="38px" radius="14px" />
      <Skeleton width="70%" height="56px" radius="14px" />
    </div>
  );
}

/** The last own message that is stored: under it stands how far it has come, also while later ones still wait. */
function findLastOwnKey(messages: readonly ShownMessage[]): string | undefined {
  return messages.findLast(({ seq, delivery }) => seq !== null && delivery !== null)?.key;
}
