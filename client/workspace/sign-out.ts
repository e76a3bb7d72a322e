import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { DeskState } from './desk-state.ts';
import type { Papers, UnsentText } from './papers.ts';
import type { SignIn } from './sign-in-state.ts';

/** The way out by the button: nothing that was written stays behind, and nothing goes without a word. */
export interface SignOut {
  /** What would be lost, while the agent is asked about it. */
  readonly question: ReadonlySignal<readonly UnsentText[] | null>;
  /** Signs out, or asks first. */
  begin(): void;
  stay(): void;
  confirm(): void;
}

export interface SignOutOptions {
  papers: Papers;
  desk: ReadonlySignal<DeskState>;
  door: Pick<SignIn, 'signOut'>;
}

export function createSignOut({ papers, desk, door }: SignOutOptions): SignOut {
  const question = signal<readonly UnsentText[] | null>(null);

  const confirm = (): void => {
    question.value = null;
    papers.destroy();
    void door.signOut();
  };
  /** What was written into a conversation that has ended can no longer be sent anyway. */
  const mayStillBeSent = ({ conversationId }: UnsentText): boolean => {
    const state = desk.peek();
    if (state.phase === 'loading') return true;
    const running = [...state.conversations.values()].filter(({ phase }) => phase !== 'ended');
    return running.some((conversation) => conversation.conversationId === conversationId);
  };

  return {
    question,
    begin() {
      const unsent = papers.listUnsent().filter(mayStillBeSent);
      if (unsent.length > 0) question.value = unsent;
      else confirm();
    },
    stay() {
      question.value = null;
    },
    confirm,
  };
}
