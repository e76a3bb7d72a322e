import { signal, type ReadonlySignal } from '@preact/signals';

type ConversationScreenModule = typeof import('./conversation-screen.tsx');

const loaded = signal<ConversationScreenModule | 'loading' | 'failed'>('loading');
let loading: Promise<void> | undefined;

/** The screens of a conversation, which most visitors of a page never open and so should not have to load. */
export const conversationScreen: ReadonlySignal<ConversationScreenModule | 'loading' | 'failed'> = loaded;

/** Asked for as soon as a conversation is near. After a failure the next call tries again. */
export function loadConversationScreen(): void {
  if (loading !== undefined) return;
  if (loaded.peek() === 'failed') loaded.value = 'loading';
  loading = load();
}

async function load(): Promise<void> {
  try {
    loaded.value = await import('./conversation-screen.tsx');
  } catch {
    loading = undefined;
    loaded.value = 'failed';
  }
}
