/** How busy one media worker is. */
export interface WorkerLoad {
  /** Share of one core over the last reading, 0 to 1. */
  cpuShare: number;
  /** Calls given to it since that reading: their load is not in it yet. */
  newCalls: number;
  consumers: number;
  calls: number;
}

/** Guess for a call that has not been measured yet; two people with video take about this much. */
const CPU_SHARE_PER_NEW_CALL = 0.02;
/** Readings differ by a few per cent from one to the next; within a step workers count as equally busy. */
const CPU_STEP = 0.05;

/** Index of the worker that takes the next call: least CPU, then fewest consumers, then fewest calls. */
export function pickWorker(loads: readonly WorkerLoad[]): number | undefined {
  let best: number | undefined;
  for (const [index, load] of loads.entries()) {
    const rival = best === undefined ? undefined : loads[best];
    if (rival === undefined || compareLoads(load, rival) < 0) best = index;
  }
  return best;
}

function compareLoads(one: WorkerLoad, other: WorkerLoad): number {
  return stepOf(one) - stepOf(other) || one.consumers - other.consumers || one.calls - other.calls;
}

function stepOf({ cpuShare, newCalls }: WorkerLoad): number {
  return Math.round((cpuShare + newCalls * CPU_SHARE_PER_NEW_CALL) / CPU_STEP);
}
