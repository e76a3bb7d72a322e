import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { ConversationId } from '../../../protocol/ids.ts';
import type { captureScreen } from '../../../media/browser/screen-capture.ts';
import type { ShareView } from '../../../protocol/sharing.ts';
import { systemClock } from '../../connection/clock.ts';
import { toCallSignalling } from '../../ui/call/connection-signalling.ts';
import { loadCall } from '../../ui/call/load-call.ts';
import { createShareWishes } from '../../ui/share/share-wishes.ts';
import { createSharedScreen, type SharedScreen } from '../../ui/share/shared-screen.ts';
import type { VisitorConnection } from '../widget.ts';

/** A screen that is shown in this conversation, by either side: its question, its banner, its picture, its end. */
export interface VisitorScreen extends Omit<SharedScreen, 'show'> {
  readonly isOffering: ReadonlySignal<boolean>;
  offer(): void;
  /** Within the visitor's own click: the browser's dialog opens only there. */
  allow(): void;
  decline(): void;
  chooseAnother(): void;
}

export interface VisitorScreenOptions {
  connection: VisitorConnection;
  told: ReadonlySignal<ShareView | null>;
  isLooking: ReadonlySignal<boolean>;
  conversationId(): ConversationId | null;
  learn(share: ShareView): void;
  capture: typeof captureScreen;
}

export function createVisitorScreen({ connection, ...options }: VisitorScreenOptions): VisitorScreen {
  const isOffering = signal(false);
  const wishes = createShareWishes(connection, systemClock);
  const screen = createSharedScreen({
    ...options,
    link: connection,
    signalling: toCallSignalling(connection),
    party: 'visitor',
    loadSessions: async () => (await loadCall()).createScreenSession,
  });
  const stop = effect(() => {
    if (screen.share.value !== null) isOffering.value = false;
  });
  return {
    ...screen,
    isOffering,
    offer() {
      screen.dismissFault();
      isOffering.value = screen.share.peek() === null;
    },
    allow: () => void screen.show(),
    chooseAnother: () => void screen.show(),
    decline() {
      isOffering.value = false;
      screen.dismissFault();
      const view = screen.share.peek();
      if (view?.phase !== 'asked') return;
      wishes.add({ send: () => connection.request('share:decline-share', { shareId: view.shareId }) });
      options.learn({ ...view, phase: 'ended', endReason: 'declined', endedAt: Date.now() });
    },
    close() {
      stop();
      screen.close();
      wishes.close();
    },
  };
}
