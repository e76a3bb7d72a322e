import { signal, type ReadonlySignal } from '@preact/signals';
import type { ConversationId } from '../../protocol/ids.ts';
import type { Clock } from './clock.ts';
import type { ConversationLink } from './conversation-link.ts';

const REPEAT_MS = 2_000;
/** Three times the repeat, so that one or two lost signals do not make the dots blink. */
const FORGET_MS = 6_000;

export interface TypingExchange {
  readonly isOtherTyping: ReadonlySignal<boolean>;
  /** To be called at every key press; false once the field is empty. */
  setTyping(isTyping: boolean): void;
  handleOther(isTyping: boolean): void;
  /** A message left this side: the other side forgets the typing by itself. */
  handleSent(): void;
  close(): void;
}

/** Tells the other side of typing and remembers theirs for a moment. All of it may get lost without harm. */
export function createTypingExchange(
  link: ConversationLink,
  conversationId: ConversationId,
  clock: Clock,
): TypingExchange {
  const isOtherTyping = signal(false);
  let toldAt: number | undefined;
  let isToldTyping = false;
  let cancelForget: (() => void) | undefined;

  function handleOther(isTyping: boolean): void {
    cancelForget?.();
    cancelForget = undefined;
    isOtherTyping.value = isTyping;
    if (isTyping) cancelForget = clock.after(FORGET_MS, () => handleOther(false));
  }

  return {
    isOtherTyping,
    handleOther,
    setTyping(isTyping) {
      if (!isTyping) {
        if (isToldTyping) link.signal('conversation:set-typing', { conversationId, isTyping: false });
        isToldTyping = false;
        return;
      }
      const now = clock.now();
      if (toldAt !== undefined && now - toldAt < REPEAT_MS && now >= toldAt) return;
      toldAt = now;
      isToldTyping = true;
      link.signal('conversation:set-typing', { conversationId, isTyping: true });
    },
    handleSent() {
      isToldTyping = false;
    },
    close() {
      cancelForget?.();
    },
  };
}
