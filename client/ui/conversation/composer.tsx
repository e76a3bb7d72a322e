import type { ComponentChildren, Ref } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { SendHorizontal } from 'lucide-preact';
import type { ConversationClient } from '../../connection/conversation-client.ts';
import { openStorage, type KeyValueStorage } from '../../connection/safe-storage.ts';
import { Button } from '../button.tsx';
import { joinClasses } from '../join-classes.ts';
import { sayConversation } from './conversation-texts.ts';
import { createDraft } from './draft.ts';
import { hasTouchKeyboard, isSendKey } from './enter-key.ts';
import { EmojiPicker } from './emoji-picker.tsx';
import { toLengthState, toSentText } from './message-length.ts';
import styles from './composer.module.css';

export interface ComposerProps {
  conversation: Pick<ConversationClient, 'conversationId' | 'send' | 'setTyping'>;
  /** Stands before the field: "Attach file", "Canned". */
  start?: ComponentChildren;
  placeholder?: string;
  /** Nothing can be written, as after the end. Being offline is no reason: messages wait. */
  isDisabled?: boolean;
  /** Words on the send button in place of the icon, where there is room. */
  hasSendWord?: boolean;
  storage?: KeyValueStorage;
  inputRef?: Ref<HTMLTextAreaElement>;
}

/** Where a message is written. Enter sends, Shift+Enter makes a line (see `isSendKey`); what is not sent stays as a draft. */
export function Composer(props: ComposerProps) {
  // A conversation of its own each: drafts and the undo history of the browser must not mix.
  return <ConversationComposer key={props.conversation.conversationId} {...props} />;
}

const sharedStorage = openStorage('local');

function ConversationComposer(props: ComposerProps) {
  const { conversation, start, isDisabled = false, hasSendWord = false, storage = sharedStorage, inputRef } = props;
  const draft = useMemo(() => createDraft(storage, conversation.conversationId), [storage]);
  const [text, setText] = useState(draft.read);
  const fieldRef = useRef<HTMLTextAreaElement | null>(null);
  const isOnTouchKeyboard = hasTouchKeyboard();
  const length = toLengthState(text);
  const canSend = !isDisabled && length.kind !== 'over' && toSentText(text).length > 0;

  useLayoutEffect(() => growWithText(fieldRef.current), [text]);
  useEffect(() => () => conversation.setTyping(false), []);

  const change = (changed: string) => {
    setText(changed);
    draft.write(changed);
    conversation.setTyping(changed.trim().length > 0);
  };

  const send = () => {
    if (!canSend) return;
    conversation.send(toSentText(text));
    setText('');
    draft.write('');
    fieldRef.current?.focus();
  };

  return (
    <form
      class={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {start}
      <div class={styles.field}>
        <textarea
          ref={(element) => {
            fieldRef.current = element;
            if (typeof inputRef === 'function') inputRef(element);
            else if (inputRef) inputRef.current = element;
          }}
          class={styles.text}
          rows={1}
          aria-label={sayConversation('message')}
          placeholder={props.placeholder ?? sayConversation('placeholder')}
          aria-invalid={length.kind === 'over' || undefined}
          enterkeyhint={isOnTouchKeyboard ? 'enter' : 'send'}
          disabled={isDisabled}
          value={text}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!isSendKey(event, isOnTouchKeyboard)) return;
            event.preventDefault();
            send();
          }}
        />
        <div
          class={joinClasses(styles.counter, length.kind === 'over' && styles.tooMany)}
          role="status"
          hidden={length.kind === 'fine'}
        >
          {length.kind === 'near' ? sayConversation('charactersLeft', { count: length.leftCount }) : null}
          {length.kind === 'over' ? sayConversation('charactersTooMany', { count: length.excessCount }) : null}
        </div>
      </div>
      {isDisabled ? null : <EmojiPicker onPick={(sign) => insertAtCursor(fieldRef.current, sign)} />}
      {hasSendWord ? (
        <Button
          type="submit"
          variant="primary"
          size="large"
          icon={<SendHorizontal size={18} />}
          aria-disabled={!canSend}
        >
          {sayConversation('send')}
        </Button>
      ) : (
        <Button
          type="submit"
          variant="primary"
          size="large"
          class={styles.send}
          label={sayConversation('send')}
          icon={<SendHorizontal size={18} />}
          aria-disabled={!canSend}
        />
      )}
    </form>
  );
}

/** For browsers without `field-sizing`; the style sheet's largest height ends the growth. */
function growWithText(field: HTMLTextAreaElement | null): void {
  if (field === null || CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight + 2}px`;
}

/** Goes the way of typing, so that undo works and the field's own listeners hear of it. */
function insertAtCursor(field: HTMLTextAreaElement | null, sign: string): void {
  if (field === null) return;
  field.focus();
  field.setRangeText(sign, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
