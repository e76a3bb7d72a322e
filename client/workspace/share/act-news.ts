import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { ActRefusal, ShareAct } from '../../../protocol/sharing.ts';

/** Why an act did not happen: the visitor's page said so, or it never got there. */
export type Refusal = ActRefusal | 'unanswered' | 'too-fast' | 'ask-first';

/** What became of the acts of this page. */
export interface ActNews {
  readonly refusal: ReadonlySignal<Refusal | null>;
  readonly isOpening: ReadonlySignal<boolean>;
  handleAsked(actId: string, act: ShareAct): void;
  handleAnswered(actId: string, refusal: ActRefusal | null): void;
  /** The server would not even ask. */
  handleFault(actId: string, code: ErrorCode): void;
  refuse(refusal: Refusal): void;
  dismiss(): void;
}

export function createActNews(): ActNews {
  const refusal = signal<Refusal | null>(null);
  const isOpening = signal(false);
  /** Opening a page waits for the visitor's own answer; the others are done or refused at once. */
  let openingId: string | null = null;

  function settle(actId: string): void {
    if (actId !== openingId) return;
    openingId = null;
    isOpening.value = false;
  }

  return {
    refusal,
    isOpening,
    handleAsked(actId, { kind }) {
      refusal.value = null;
      if (kind !== 'open') return;
      openingId = actId;
      isOpening.value = true;
    },
    handleAnswered(actId, answer) {
      settle(actId);
      if (answer !== null) refusal.value = answer;
    },
    handleFault(actId, code) {
      settle(actId);
      refusal.value = toRefusal(code);
    },
    refuse: (why) => void (refusal.value = why),
    dismiss: () => void (refusal.value = null),
  };
}

function toRefusal(code: ErrorCode): Refusal {
  switch (code) {
    case 'share-not-allowed':
    case 'forbidden':
      return 'not-granted';
    case 'stale-stream':
    case 'not-found':
    case 'share-ended':
      return 'gone';
    case 'rate-limited':
    case 'limit-reached':
      return 'too-fast';
    case 'bad-input':
      return 'not-possible';
    default:
      return 'unanswered';
  }
}
