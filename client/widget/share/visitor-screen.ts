import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { ConversationId } from '../../../protocol/ids.ts';
import type { ShareView } from '../../../protocol/sharing.ts';
import { systemClock, type Clock } from '../../connection/clock.ts';
import { toRequestError } from '../../connection/request-error.ts';
import { findSurface, watchStopped, type ScreenChoice, type ScreenShare } from './screen-share.ts';
import type { ShareLink } from './share-link.ts';
import { createShareWishes } from './share-wishes.ts';
import type { ShareFault } from './share-model.ts';

/** A screen that is shown in this conversation, by either side: its question, its banner, its end. */
export interface VisitorScreen {
  readonly share: ReadonlySignal<ShareView | null>;
  readonly isOffering: ReadonlySignal<boolean>;
  readonly isPossible: boolean;
  readonly isBusy: ReadonlySignal<boolean>;
  readonly fault: ReadonlySignal<ShareFault | null>;
  offer(): void;
  /** Within the visitor's own click: the browser's dialog opens only there. */
  allow(): void;
  decline(): void;
  chooseAnother(): void;
  end(): void;
  dismissFault(): void;
  close(): void;
}

export interface VisitorScreenOptions {
  link: ShareLink;
  /** The open share of kind `screen` as the server tells it. */
  told: ReadonlySignal<ShareView | null>;
  conversationId(): ConversationId | null;
  learn(share: ShareView): void;
  media: ScreenShare | null;
  clock?: Clock;
}

export function createVisitorScreen(options: VisitorScreenOptions): VisitorScreen {
  const { link, told, media, clock = systemClock } = options;
  const isOffering = signal(false);
  const isBusy = signal(false);
  const fault = signal<ShareFault | null>(null);
  const endedId = signal<string | null>(null);
  const wishes = createShareWishes(link, clock);
  /** A picture that was chosen here and not stopped yet. */
  let stopWatching: (() => void) | undefined;

  const share = computed(() => {
    const view = told.value;
    return view === null || view.phase === 'ended' || view.shareId === endedId.value ? null : view;
  });

  function stopMedia(): void {
    stopWatching?.();
    stopWatching = undefined;
    media?.stop();
  }

  function end(reason: 'by-person' | 'stopped-in-browser' | 'failed'): void {
    stopMedia();
    isOffering.value = false;
    const view = share.peek();
    if (view === null) return;
    endedId.value = view.shareId;
    wishes.replaceAll({ send: () => link.request('share:end-share', { shareId: view.shareId, reason }) });
  }

  async function choose(choice: ScreenChoice): Promise<void> {
    const conversationId = options.conversationId();
    if (media === null || conversationId === null || isBusy.peek()) return;
    fault.value = null;
    isBusy.value = true;
    try {
      const stream = await media.start(choice).catch(() => undefined);
      // Nothing was chosen: the question stays, and so does what was shown before.
      if (stream === undefined) return;
      stopWatching?.();
      stopWatching = watchStopped(stream, () => end('stopped-in-browser'));
      const surface = findSurface(stream);
      const shown = share.peek();
      const { share: answer } =
        choice === 'another' && shown !== null
          ? await link.request('share:change-scope', { shareId: shown.shareId, scope: { kind: 'screen', surface } })
          : await link.request('share:share-screen', { conversationId, surface });
      isOffering.value = false;
      options.learn(answer);
    } catch (thrown) {
      // The server does not have it: then nothing is filmed either.
      stopMedia();
      fault.value = toRequestError(thrown).code;
    } finally {
      isBusy.value = false;
    }
  }

  const stopFollowing = effect(() => {
    // Ended by anybody, anywhere: the light of the screen goes out here.
    const isShown = share.value !== null && share.value.sharer === 'visitor';
    if (!isShown && !isBusy.value) untracked(stopMedia);
  });

  return {
    share,
    isOffering,
    isPossible: media?.isPossible ?? false,
    isBusy,
    fault,
    offer() {
      fault.value = null;
      isOffering.value = share.peek() === null;
    },
    allow: () => void choose('first'),
    decline() {
      isOffering.value = false;
      const view = share.peek();
      if (view?.phase !== 'asked') return;
      wishes.add({ send: () => link.request('share:decline-share', { shareId: view.shareId }) });
      options.learn({ ...view, phase: 'ended', endReason: 'declined', endedAt: clock.now() });
    },
    chooseAnother: () => void choose('another'),
    end: () => end('by-person'),
    dismissFault: () => void (fault.value = null),
    close() {
      stopFollowing();
      stopMedia();
      wishes.close();
    },
  };
}
