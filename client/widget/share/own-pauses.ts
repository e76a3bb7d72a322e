import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { SharePauseReason, ShareView } from '../../../protocol/sharing.ts';
import type { ShareMemory } from './share-memory.ts';

/** Pauses that a page makes by itself, and what lifts them. */
export interface OwnPauses {
  /** Address on which this tab shows nothing, while the share goes on elsewhere. */
  readonly closedUrl: ReadonlySignal<string | null>;
  /** The recorder may not go on here. */
  handlePaused(because: SharePauseReason): void;
  /** Whether END can be pressed in this tab, as the recorder says. */
  handleReach(isReachable: boolean): void;
  /** The visitor looks at this tab. */
  handleFront(): void;
  /** The visitor's own click. */
  resume(): void;
  close(): void;
}

export interface OwnPausesOptions {
  memory: ShareMemory;
  share: ReadonlySignal<ShareView | null>;
  page: ReadonlySignal<{ url: string }>;
  undecidedCount: ReadonlySignal<number>;
  hasOwnWindow: ReadonlySignal<boolean>;
  isFront(): boolean;
  isPrivate(url: string): boolean;
  pause(reason: SharePauseReason): void;
  resume(): void;
}

export function createOwnPauses(options: OwnPausesOptions): OwnPauses {
  const { memory, share, page, undecidedCount, hasOwnWindow, isFront } = options;
  const closedUrl = signal<string | null>(null);
  /** Undefined until the recorder has looked. */
  const isReachable = signal<boolean | undefined>(undefined);
  /** Grows with each look of the visitor at this tab. */
  const looks = signal(0);
  const shareId = computed(() => share.value?.shareId ?? null);
  /** Where the page last paused by itself, as long as nobody here has let it go on. */
  let pausedUrl: string | null = null;

  /** Nothing is shown that could not be ended; a tab in the background is ended from the one in front. */
  function checkReach(): void {
    const phase = share.peek()?.phase;
    const isShown = phase === 'allowed' || phase === 'live';
    if (!isShown || isReachable.peek() !== false || !isFront()) return;
    pauseOwn('out-of-reach');
  }

  function pauseOwn(reason: SharePauseReason): void {
    const id = shareId.peek();
    if (id === null) return;
    const isLiftedByItself = reason === 'private-page' || reason === 'out-of-reach';
    memory.keepOwnPause(id, isLiftedByItself ? reason : null);
    options.pause(reason);
  }

  function resume(): void {
    const id = shareId.peek();
    if (id !== null) memory.keepOwnPause(id, null);
    pausedUrl = null;
    options.resume();
  }

  const stops = [
    effect(() => {
      // What was found while another share ran says nothing of this one.
      void shareId.value;
      untracked(() => {
        isReachable.value = hasOwnWindow.peek() ? true : undefined;
        closedUrl.value = null;
        pausedUrl = null;
      });
    }),
    effect(() => {
      const view = share.value;
      // Whoever let it go on, this tab has nothing to lift any more.
      if (view !== null && view.phase !== 'paused' && undecidedCount.value === 0)
        memory.keepOwnPause(view.shareId, null);
    }),
    effect(() => {
      void looks.value;
      const { url } = page.value;
      const view = share.value;
      const isReachableNow = isReachable.value === true;
      if (!view || undecidedCount.value > 0 || !isFront()) return;
      // Another window would only have to pause again, and so on.
      const own = memory.findOwnPause(view.shareId);
      if (own === null || own !== view.pausedBecause) return;
      const isOver = own === 'private-page' ? url !== pausedUrl && !options.isPrivate(url) : isReachableNow;
      if (isOver) untracked(resume);
    }),
    effect(() => {
      // The one that watches over it is told to stop, and says no more.
      if (hasOwnWindow.value) isReachable.value = true;
    }),
  ];

  return {
    closedUrl,
    handlePaused(because) {
      const { url } = page.peek();
      // Somewhere else it goes on by the visitor's own click: this page stays out of it, and pauses nothing again.
      const isResumedElsewhere = because === 'private-page' && url === pausedUrl;
      pausedUrl = url;
      // One tab in the background must not blank the one that the visitor looks at.
      if (!isFront() || isResumedElsewhere) closedUrl.value = url;
      else pauseOwn(because);
    },
    handleReach(isNow) {
      isReachable.value = isNow;
      checkReach();
    },
    handleFront() {
      // What a tab in the background may not show is decided anew once the visitor looks at it.
      closedUrl.value = null;
      checkReach();
      looks.value += 1;
    },
    resume,
    close() {
      for (const stop of stops) stop();
    },
  };
}
