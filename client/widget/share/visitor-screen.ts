import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { ConversationId, ShareId } from '../../../protocol/ids.ts';
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
  /** At once: nothing more of the picture leaves this browser until `resume`. */
  pause(): void;
  resume(): void;
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
  /** Said here, and not heard of by the server yet. */
  const isPausing = signal(false);
  const isStill = computed(() => isPausing.value || screen.share.value?.phase === 'paused');
  const stops = [
    effect(() => {
      if (screen.share.value !== null) isOffering.value = false;
    }),
    effect(() => {
      // The server lets nothing through either; what does not leave here cannot be let through.
      if (screen.share.value?.sharer !== 'visitor') return;
      for (const track of screen.picture.value?.getTracks() ?? []) track.enabled = !isStill.value;
    }),
  ];

  async function pause(shareId: ShareId): Promise<void> {
    const answer = await connection.request('share:pause-share', { shareId, reason: 'by-visitor' });
    options.learn(answer.share);
    isPausing.value = false;
  }

  return {
    ...screen,
    isOffering,
    offer() {
      screen.dismissFault();
      isOffering.value = screen.share.peek() === null;
    },
    allow: () => void screen.show(),
    chooseAnother: () => void screen.show(),
    pause() {
      const view = screen.share.peek();
      if (view?.sharer !== 'visitor') return;
      isPausing.value = true;
      // Better nothing than more than the visitor wants to show.
      wishes.add({ send: () => pause(view.shareId), onRefused: () => ((isPausing.value = false), screen.end()) });
    },
    resume() {
      const view = screen.share.peek();
      if (view === null) return;
      wishes.add({
        async send() {
          const answer = await connection.request('share:resume-share', { shareId: view.shareId });
          options.learn(answer.share);
        },
      });
    },
    decline() {
      isOffering.value = false;
      screen.dismissFault();
      const view = screen.share.peek();
      if (view?.phase !== 'asked') return;
      wishes.add({ send: () => connection.request('share:decline-share', { shareId: view.shareId }) });
      options.learn({ ...view, phase: 'ended', endReason: 'declined', endedAt: Date.now() });
    },
    close() {
      for (const stop of stops) stop();
      screen.close();
      wishes.close();
    },
  };
}
