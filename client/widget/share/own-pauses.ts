import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
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
  const isReachable = signal(true);
  /** Where the page last paused by itself. */
  let pausedUrl: string | null = null;
  /** This tab has paused the share for want of END. */
  let hasLostReach = false;

  /** Nothing is shown that could not be ended; a tab in the background is ended from the one in front. */
  function checkReach(): void {
    const phase = share.peek()?.phase;
    const isShown = phase === 'allowed' || phase === 'live';
    if (!isShown || isReachable.peek() || !isFront()) return;
    hasLostReach = true;
    options.pause('out-of-reach');
  }

  function resume(): void {
    const shareId = share.peek()?.shareId;
    if (shareId !== undefined) memory.keepPaused(shareId, false);
    options.resume();
  }

  const stops = [
    effect(() => {
      const { url } = page.value;
      const view = share.value;
      if (view?.pausedBecause !== 'private-page' || url === pausedUrl || options.isPrivate(url)) return;
      // Another window would only have to pause again, and so on.
      if (memory.hasPaused(view.shareId) && isFront() && undecidedCount.value === 0) untracked(resume);
    }),
    effect(() => {
      if (share.value?.pausedBecause !== 'out-of-reach' || !isReachable.value || undecidedCount.value > 0) return;
      if (hasLostReach) untracked(options.resume);
      hasLostReach = false;
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
      const shareId = share.peek()?.shareId;
      if (shareId === undefined) return;
      // Somewhere else it goes on by the visitor's own click: this page stays out of it, and pauses nothing again.
      const isResumedElsewhere = because === 'private-page' && url === pausedUrl && memory.hasPaused(shareId);
      pausedUrl = url;
      // One tab in the background must not blank the one that the visitor looks at.
      if (!isFront() || isResumedElsewhere) {
        closedUrl.value = url;
        return;
      }
      memory.keepPaused(shareId, because === 'private-page');
      options.pause(because);
    },
    handleReach(isNow) {
      isReachable.value = isNow;
      checkReach();
    },
    handleFront() {
      // What a tab in the background may not show is decided anew once the visitor looks at it.
      closedUrl.value = null;
      checkReach();
    },
    resume,
    close() {
      for (const stop of stops) stop();
    },
  };
}
