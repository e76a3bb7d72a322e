import { callFaults } from '../call-error.ts';
import type { WorkerPool } from './worker-pool.ts';

/** A node that is configured to carry no calls: chat works, whoever asks for a call is told at once. */
export function createNoWorkers(): WorkerPool {
  return {
    start: async () => undefined,
    whenUp: () => Promise.reject(callFaults.noMedia()),
    acquire: () => Promise.reject(callFaults.noMedia()),
    snapshot: () => ({ wanted: 0, up: 0, died: 0, workers: [] }),
    close: async () => undefined,
  };
}
