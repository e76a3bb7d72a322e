import { signal, type ReadonlySignal } from '@preact/signals';
import type { ChosenScope } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { SharePauseReason, ShareView } from '../../../protocol/sharing.ts';
import type { ShareLink } from './share-link.ts';
import type { ShareMemory } from './share-memory.ts';
import { createRandomId } from '../../connection/random-id.ts';
import { toWireScope } from './share-scope.ts';
import type { ShareWishes } from '../../ui/share/share-wishes.ts';

/**
 * What the visitor decides about a running share. Each decision is carried out in this page within the call; the server
 * hears of it in the same moment, and until it knows nothing is recorded.
 */
export interface ShareDecisions {
  /** How many are on their way. */
  readonly undecidedCount: ReadonlySignal<number>;
  changeScope(chosen: ChosenScope): void;
  pause(reason: SharePauseReason): void;
  resume(): void;
  end(reason: 'by-person' | 'failed'): void;
}

export interface ShareDecisionsOptions {
  link: ShareLink;
  wishes: ShareWishes;
  memory: ShareMemory;
  share: ReadonlySignal<ShareView | null>;
  /** Stops recording and sending within the call. */
  hush(): void;
  learn(share: ShareView): void;
  onMemoryChanged(): void;
  onFault(code: ErrorCode): void;
}

export function createShareDecisions(options: ShareDecisionsOptions): ShareDecisions {
  const { link, wishes, memory, share } = options;
  const undecidedCount = signal(0);

  function decide(ask: () => Promise<{ share: ShareView }>, onRefused: (code: ErrorCode) => void): void {
    // In this order: the server hears the decision itself first, not that a stream has ended.
    options.hush();
    undecidedCount.value += 1;
    const settle = () => void (undecidedCount.value = Math.max(0, undecidedCount.peek() - 1));
    wishes.add({
      async send() {
        const answer = await ask();
        options.learn(answer.share);
        settle();
      },
      onRefused(code) {
        // First what follows from it: nothing may be recorded in between.
        onRefused(code);
        settle();
      },
    });
  }

  function end(reason: 'by-person' | 'failed'): void {
    const view = share.peek();
    if (view === null) return;
    options.hush();
    memory.keepEnded(view.shareId);
    options.onMemoryChanged();
    undecidedCount.value = 0;
    wishes.replaceAll({ send: () => link.request('share:end-share', { shareId: view.shareId, reason }) });
  }

  return {
    undecidedCount,
    end,
    changeScope(scope) {
      const view = share.peek();
      if (view === null) return;
      const { shareId } = view;
      const chosen = { scope, choiceId: createRandomId() };
      memory.keepScope(shareId, chosen, false);
      decide(
        async () => {
          const answer = await link.request('share:change-scope', { shareId, scope: toWireScope(chosen) });
          memory.keepScope(shareId, chosen, true);
          options.onMemoryChanged();
          return answer;
        },
        // Better nothing than more than the visitor wants to show.
        () => end('failed'),
      );
    },
    pause(reason) {
      const view = share.peek();
      if (view === null) return;
      decide(
        () => link.request('share:pause-share', { shareId: view.shareId, reason }),
        () => end('failed'),
      );
    },
    resume() {
      const view = share.peek();
      if (view === null) return;
      decide(() => link.request('share:resume-share', { shareId: view.shareId }), options.onFault);
    },
  };
}
