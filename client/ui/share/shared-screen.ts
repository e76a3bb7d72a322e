import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { CallSignalling } from '../../../media/browser/call-signalling.ts';
import {
  canCaptureScreen,
  captureScreen,
  findSurface,
  ScreenFault,
  type ScreenFaultCode,
} from '../../../media/browser/screen-capture.ts';
import type { ScreenSession, ScreenSessionOptions } from '../../../media/browser/screen-session.ts';
import { styleTrack, type ScreenStyle } from '../../../media/browser/screen-style.ts';
import type { OutputOf } from '../../../protocol/contract.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { CallId, ConversationId, Party, ShareId } from '../../../protocol/ids.ts';
import type { shareStateRequests, ShareView } from '../../../protocol/sharing.ts';
import { systemClock, type Clock } from '../../connection/clock.ts';
import { toRequestError } from '../../connection/request-error.ts';
import { createShareWishes } from './share-wishes.ts';

export type SharedScreenFault = ErrorCode | ScreenFaultCode | 'not-loaded';

/** A screen that is shown in a conversation, as one side has it: shown from here, or looked at. */
export interface SharedScreen {
  /** The open share of kind `screen`, asked for or running. */
  readonly share: ReadonlySignal<ShareView | null>;
  /** False where the browser cannot show a screen. Looking works everywhere. */
  readonly isPossible: boolean;
  readonly isBusy: ReadonlySignal<boolean>;
  readonly fault: ReadonlySignal<SharedScreenFault | null>;
  /** The picture goes out from this page. */
  readonly isShownHere: ReadonlySignal<boolean>;
  readonly style: ReadonlySignal<ScreenStyle>;
  /** The other side's screen, while it is looked at. */
  readonly watched: ReadonlySignal<ScreenSession | null>;
  /** What is to be seen of it here, one's own included. */
  readonly picture: ReadonlySignal<MediaStream | null>;
  /** Opens the browser's dialog, the first time or to show something else; within the person's own click. */
  show(): Promise<void>;
  setStyle(style: ScreenStyle): void;
  /** Tries again to look, in this page rather than in another tab. */
  watchHere(): void;
  /** At once and for good, whichever side shows. */
  end(): void;
  dismissFault(): void;
  close(): void;
}

interface ScreenRequests {
  'share:share-screen': typeof shareStateRequests;
  'share:end-share': typeof shareStateRequests;
}

export interface ScreenLink {
  readonly state: ReadonlySignal<string>;
  request(
    name: 'share:share-screen',
    input: { conversationId: ConversationId; shareId: ShareId | null; surface: ReturnType<typeof findSurface> },
  ): Promise<OutputOf<ScreenRequests['share:share-screen'], 'share:share-screen'>>;
  request(
    name: 'share:end-share',
    input: { shareId: ShareId; reason: 'by-person' | 'stopped-in-browser' | 'failed' },
  ): Promise<OutputOf<ScreenRequests['share:end-share'], 'share:end-share'>>;
}

export interface SharedScreenOptions {
  link: ScreenLink;
  signalling: CallSignalling;
  party: Party;
  /** The open share of kind `screen` as the server tells it. */
  told: ReadonlySignal<ShareView | null>;
  conversationId(): ConversationId | null;
  /** Of the other side's screen, only what somebody looks at is brought. */
  isLooking: ReadonlySignal<boolean>;
  learn(share: ShareView): void;
  loadSessions(): Promise<(options: ScreenSessionOptions) => ScreenSession>;
  capture?: typeof captureScreen;
  clock?: Clock;
}

export function createSharedScreen(options: SharedScreenOptions): SharedScreen {
  const { link, signalling, party, told, capture = captureScreen, clock = systemClock } = options;
  const isBusy = signal(false);
  const fault = signal<SharedScreenFault | null>(null);
  const style = signal<ScreenStyle>('sharp-text');
  const endedId = signal<string | null>(null);
  /** What was chosen here and is not stopped yet. */
  const held = signal<{ shareId: ShareId; stream: MediaStream } | null>(null);
  const session = signal<ScreenSession | null>(null);
  const attempt = signal(0);
  const wishes = createShareWishes(link, clock);

  const share = computed(() => {
    const view = told.value;
    return view === null || view.phase === 'ended' || view.shareId === endedId.value ? null : view;
  });
  const isMine = computed(() => share.value?.sharer === party);
  const isShownHere = computed(() => isMine.value && held.value?.shareId === share.value?.shareId);
  /** Changes only when another connection is needed. */
  const carriedId = computed(() => {
    const view = share.value;
    if (view === null || view.phase === 'asked') return null;
    const isNeeded = isMine.value ? isShownHere.value : options.isLooking.value;
    return isNeeded ? view.shareId : null;
  });

  function stopMedia(): void {
    const current = held.peek();
    if (current === null) return;
    held.value = null;
    stopTracks(current.stream);
  }

  function end(reason: 'by-person' | 'stopped-in-browser' | 'failed'): void {
    stopMedia();
    const view = share.peek();
    if (view === null) return;
    endedId.value = view.shareId;
    wishes.replaceAll({ send: () => link.request('share:end-share', { shareId: view.shareId, reason }) });
  }

  async function show(): Promise<void> {
    const conversationId = options.conversationId();
    if (conversationId === null || isBusy.peek()) return;
    fault.value = null;
    isBusy.value = true;
    let stream: MediaStream | undefined;
    try {
      // Nothing is awaited before it: the browser opens its dialog for a click alone.
      stream = await capture(style.peek(), party === 'visitor');
      const before = share.peek();
      const shareId = before === null || before.phase === 'asked' ? null : before.shareId;
      const answer = await link.request('share:share-screen', {
        conversationId,
        shareId,
        surface: findSurface(stream),
      });
      adopt(answer.share.shareId, stream);
      options.learn(answer.share);
    } catch (thrown) {
      // The server does not have it: then nothing is filmed either. What was shown before stays.
      if (stream !== undefined) stopTracks(stream);
      fault.value = thrown instanceof ScreenFault ? thrown.code : toRequestError(thrown).code;
    } finally {
      isBusy.value = false;
    }
  }

  function adopt(shareId: ShareId, stream: MediaStream): void {
    const before = held.peek();
    held.value = { shareId, stream };
    if (before !== null) stopTracks(before.stream);
    const [picture] = stream.getVideoTracks();
    const handleEnded = () => {
      // The browser's own "Stop sharing"; of what has been replaced nobody need hear.
      if (held.peek()?.stream === stream) end('stopped-in-browser');
    };
    picture?.addEventListener('ended', handleEnded, { once: true });
    if (picture?.readyState === 'ended') handleEnded();
  }

  async function open(shareId: ShareId, isWanted: () => boolean): Promise<void> {
    const createSession = await options.loadSessions().catch(() => undefined);
    if (!isWanted()) return;
    if (createSession === undefined) {
      fault.value = 'not-loaded';
      if (isMine.peek()) end('failed');
      return;
    }
    session.value = createSession({
      signalling,
      callId: shareId as string as CallId,
      // Only this page has the picture; to look is for whoever came first, until somebody takes it over.
      takeOver: isMine.peek() || attempt.peek() > 0,
    });
  }

  const stops = [
    effect(() => {
      const shareId = carriedId.value;
      void attempt.value;
      if (shareId === null) return;
      let isWanted = true;
      void untracked(() => open(shareId, () => isWanted));
      return () => {
        isWanted = false;
        const current = session.peek();
        session.value = null;
        current?.close();
      };
    }),
    effect(() => {
      const stream = held.value?.stream;
      const current = session.value;
      if (current !== null && stream !== undefined) untracked(() => current.send(stream));
    }),
    effect(() => {
      const state = session.value?.state.value;
      if (state?.phase !== 'failed' || !isShownHere.value) return;
      untracked(() => {
        fault.value = state.code;
        end('failed');
      });
    }),
    effect(() => {
      // Ended by anybody, anywhere: the light of the screen goes out here.
      if (!isShownHere.value && !isBusy.value) untracked(stopMedia);
    }),
    signalling.onReconnected?.(() => {
      const current = held.peek();
      const conversationId = options.conversationId();
      if (current === null || conversationId === null) return;
      // The server waits for this page; what has ended meanwhile is refused and not begun anew.
      const { shareId, stream } = current;
      link
        .request('share:share-screen', { conversationId, shareId, surface: findSurface(stream) })
        .then((answer) => options.learn(answer.share))
        .catch(() => undefined);
    }) ?? (() => undefined),
  ];

  return {
    share,
    isPossible: options.capture !== undefined || canCaptureScreen(),
    isBusy,
    fault,
    isShownHere,
    style,
    watched: computed(() => (isMine.value ? null : session.value)),
    picture: computed(() =>
      isMine.value
        ? isShownHere.value
          ? (held.value?.stream ?? null)
          : null
        : (session.value?.received.value ?? null),
    ),
    show,
    setStyle(chosen) {
      style.value = chosen;
      const current = held.peek();
      const [picture] = current?.stream.getVideoTracks() ?? [];
      if (current === null || picture === undefined) return;
      styleTrack(picture, chosen);
      held.value = { ...current };
    },
    watchHere: () => void (attempt.value += 1),
    end: () => end('by-person'),
    dismissFault: () => void (fault.value = null),
    close() {
      for (const stop of stops) stop();
      stopMedia();
      wishes.close();
    },
  };
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
