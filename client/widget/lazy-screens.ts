import { signal, type ReadonlySignal } from '@preact/signals';

/** A part of the widget that most visitors of a page never see, and so should not have to load. */
export interface LazyScreen<Module> {
  readonly module: ReadonlySignal<Module | 'loading' | 'failed'>;
  /** Asked for as soon as it is near. After a failure the next call tries again. */
  load(): void;
}

/** The screens of a conversation. */
export const conversationScreen = createLazyScreen(() => import('./conversation-screen.tsx'));
export const leaveMessageScreen = createLazyScreen(() => import('./leave-message-screen.tsx'));

function createLazyScreen<Module extends object>(fetchModule: () => Promise<Module>): LazyScreen<Module> {
  const module = signal<Module | 'loading' | 'failed'>('loading');
  let loading: Promise<void> | undefined;
  async function fetchIt(): Promise<void> {
    module.value = 'loading';
    try {
      module.value = await fetchModule();
    } catch {
      loading = undefined;
      module.value = 'failed';
    }
  }
  return {
    module,
    load() {
      loading ??= fetchIt();
    },
  };
}
