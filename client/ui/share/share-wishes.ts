import { effect, untracked, type ReadonlySignal } from '@preact/signals';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { Clock } from '../../connection/clock.ts';
import { findRetryAfterMs, isPassing, toRequestError } from '../../connection/request-error.ts';

const RETRY_MS = 1_000;

export interface Wish {
  send(): Promise<unknown>;
  /** The server has decided against it; a network that is away does not count. */
  onRefused?(code: ErrorCode): void;
}

/**
 * What somebody has decided, on its way to the server. A decision is carried out in this page before it is sent;
 * here it is sent until the server has heard it, in the order in which it was made.
 */
export interface ShareWishes {
  add(wish: Wish): void;
  /** Nothing that was decided before counts any more. */
  replaceAll(wish: Wish): void;
  close(): void;
}

export function createShareWishes(link: { readonly state: ReadonlySignal<string> }, clock: Clock): ShareWishes {
  let waiting: Wish[] = [];
  let isBusy = false;
  let isClosed = false;
  let stopTimer: () => void = () => undefined;

  function pump(): void {
    const wish = waiting[0];
    if (wish === undefined || isBusy || isClosed || link.state.peek() !== 'online') return;
    isBusy = true;
    untracked(wish.send).then(
      () => finish(wish),
      (thrown: unknown) => {
        const { code, details } = toRequestError(thrown);
        if (!isPassing(code)) {
          finish(wish);
          wish.onRefused?.(code);
          return;
        }
        isBusy = false;
        stopTimer();
        stopTimer = clock.after(findRetryAfterMs(details) ?? RETRY_MS, pump);
      },
    );
  }

  function finish(wish: Wish): void {
    isBusy = false;
    waiting = waiting.filter((other) => other !== wish);
    pump();
  }

  const stopFollowing = effect(() => {
    if (link.state.value === 'online') pump();
  });

  return {
    add(wish) {
      waiting.push(wish);
      pump();
    },
    replaceAll(wish) {
      waiting = [wish];
      // What is on its way already cannot be called back; this goes out beside it.
      isBusy = false;
      pump();
    },
    close() {
      isClosed = true;
      stopTimer();
      stopFollowing();
    },
  };
}
