/** What happened to media since the start of the process. */
export interface MediaCounters {
  workersDied: number;
  roomsRestarted: number;
  callsStarted: number;
  callsEnded: Record<string, number>;
  /** Seats whose tracks or transport were closed because they sent far too much. */
  ingressLimited: number;
}

/** What is alive right now, and the counters; a plain value that the metrics page turns into text. */
export interface MediaMetrics extends MediaCounters {
  workersWanted: number;
  workersUp: number;
  /** Share of one core, 0 to 1, by worker index; null while the worker is down. */
  workerCpuShares: (number | null)[];
  rooms: number;
  seats: number;
  transports: number;
  producers: number;
  consumers: number;
}

export function createMediaCounters(): MediaCounters {
  return { workersDied: 0, roomsRestarted: 0, callsStarted: 0, callsEnded: {}, ingressLimited: 0 };
}
