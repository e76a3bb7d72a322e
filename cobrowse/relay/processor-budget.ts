import type { RelayLimits } from './relay-limits.ts';
import { createTokenBucket } from './token-bucket.ts';

/**
 * How much of the processor the frames of one conversation may take: everybody's messages wait while one frame is
 * worked on. What a frame costs is known only afterwards, so the account may be overdrawn; then nothing is worked on
 * until half of it is there again.
 */
export interface ProcessorBudget {
  /** Does the work and counts what it took. */
  run<Result>(work: () => Result): Result;
  /** How long until work is taken again; 0 when it is now. */
  findWaitMs(): number;
  /** Overdrawn again and again: waiting does not help. */
  isHopeless(): boolean;
}

export interface ProcessorBudgetParts {
  now: () => number;
  /** What this thread has worked so far, in milliseconds. */
  processorMs: () => number;
  limits: Pick<RelayLimits, 'processorMsPerSecond' | 'processorMsAtOnce' | 'overdraftsPerSecond' | 'overdraftsAtOnce'>;
}

export function createProcessorBudget({ now, processorMs, limits }: ProcessorBudgetParts): ProcessorBudget {
  const { processorMsPerSecond: perSecond, processorMsAtOnce: atOnce } = limits;
  const overdrafts = createTokenBucket(limits.overdraftsPerSecond, limits.overdraftsAtOnce, now);
  let left = atOnce;
  let filledAt = now();
  let isOverdrawn = false;
  /** The overdraft that stands was one too many. */
  let isTooOften = false;

  function fill(): void {
    const at = now();
    // A clock that is set back gives nothing and takes nothing.
    left = Math.min(atOnce, left + (Math.max(0, at - filledAt) / 1_000) * perSecond);
    filledAt = at;
    if (left >= atOnce / 2) isOverdrawn = false;
  }

  return {
    run(work) {
      const begunAt = processorMs();
      try {
        return work();
      } finally {
        fill();
        left -= processorMs() - begunAt;
        if (left <= 0 && !isOverdrawn) {
          isOverdrawn = true;
          isTooOften = !overdrafts.take();
        }
      }
    },
    findWaitMs() {
      fill();
      return isOverdrawn ? Math.ceil(((atOnce / 2 - left) / perSecond) * 1_000) : 0;
    },
    isHopeless: () => isOverdrawn && isTooOften,
  };
}

/** The thread's own time where Node knows it (23.9 on): on a busy machine the clock on the wall counts others' work. */
export function readProcessorMs(): number {
  if (typeof process.threadCpuUsage !== 'function') return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
