import { setTimeout as wait } from 'node:timers/promises';
import { availableParallelism } from 'node:os';
import { callFaults } from '../call-error.ts';
import type { CallLog } from '../call-host.ts';
import type { ListenPlan } from './announced-address.ts';
import { startMediaWorker, type MediaWorker, type RunningMediaWorker } from './media-worker.ts';
import { respawnDelayMs, STABLE_AFTER_MS } from './respawn-delay.ts';
import { pickWorker } from './worker-choice.ts';

/** How long closing waits for workers that are still starting; they end with the process in any case. */
const CLOSE_WAIT_MS = 2_000;

export interface WorkerPoolOptions {
  log: CallLog;
  listenPlan: ListenPlan;
  /** The first worker's port; each further one takes the next. */
  basePort: number;
  /** One per core unless told. */
  workerCount?: number | undefined;
  workerBin?: string | undefined;
  /** How often workers are asked for their load, which is also the sign of life. */
  sampleMs?: number;
}

export interface WorkerPoolSnapshot {
  wanted: number;
  up: number;
  died: number;
  /** By worker index; null while it is down. */
  workers: ({ pid: number; port: number; cpuShare: number } | null)[];
}

/** The media workers of this node: starts them, replaces dead ones, spreads calls over them. */
export interface WorkerPool {
  /** Settles when each worker is up or has failed once; a failure is logged and tried again, so text chat lives on. */
  start(): Promise<void>;
  /** Resolves once a worker is up; fails with `media-unavailable` after `waitMs`. */
  whenUp(waitMs: number): Promise<void>;
  /** The least busy worker; waits while none is up and fails with `media-unavailable` after `waitMs`. */
  acquire(waitMs: number): Promise<MediaWorker>;
  snapshot(): WorkerPoolSnapshot;
  close(): Promise<void>;
}

interface Slot {
  readonly port: number;
  running: RunningMediaWorker | null;
  startedAt: number;
  deathsInARow: number;
  cpuShare: number;
  lastCpu: { atMs: number; cpuMs: number } | null;
  newCalls: number;
  missedReadings: number;
}

/** A worker that misses two readings in a row is stuck; its calls are better off on a new one. */
const MISSED_READINGS_ALLOWED = 2;

export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { log, basePort, sampleMs = 5_000 } = options;
  const count = Math.max(1, options.workerCount ?? availableParallelism());
  const slots = Array.from({ length: count }, (_, index): Slot => freshSlot(basePort + index));
  const waiting = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  let died = 0;
  let isClosed = false;
  let sampling: NodeJS.Timeout | undefined;
  let starting: Promise<void> | undefined;
  const attempts = new Set<Promise<void>>();

  function spawn(slot: Slot): Promise<void> {
    const attempt = trySpawn(slot).finally(() => attempts.delete(attempt));
    attempts.add(attempt);
    return attempt;
  }

  async function trySpawn(slot: Slot): Promise<void> {
    try {
      const running: RunningMediaWorker = await startMediaWorker({
        port: slot.port,
        listenPlan: options.listenPlan,
        workerBin: options.workerBin,
        log,
        onDied: (cause) => handleDeath(slot, running, cause),
      });
      if (isClosed) return await running.close();
      Object.assign(slot, freshSlot(slot.port), { running, startedAt: Date.now(), deathsInARow: slot.deathsInARow });
      for (const wake of waiting) wake();
    } catch (error) {
      log.error({ port: slot.port, err: error }, 'media worker could not start');
      spawnLater(slot, Math.max(2, slot.deathsInARow + 1));
    }
  }

  function handleDeath(slot: Slot, running: RunningMediaWorker, cause: Error): void {
    if (slot.running !== running || isClosed) return;
    died += 1;
    const livedMs = Date.now() - slot.startedAt;
    log.error(
      { pid: running.pid, port: slot.port, livedMs, calls: running.tenants.size, err: cause },
      'media worker died',
    );
    slot.running = null;
    spawnLater(slot, livedMs >= STABLE_AFTER_MS ? 1 : slot.deathsInARow + 1);
  }

  function spawnLater(slot: Slot, deathsInARow: number): void {
    if (isClosed) return;
    slot.deathsInARow = deathsInARow;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void spawn(slot);
    }, respawnDelayMs(deathsInARow));
    timers.add(timer);
  }

  async function sample(slot: Slot): Promise<void> {
    const { running } = slot;
    if (running === null) return;
    try {
      const cpuMs = await running.readCpuMs(Math.min(sampleMs, 4_000));
      const atMs = performance.now();
      if (slot.lastCpu) slot.cpuShare = Math.max(0, (cpuMs - slot.lastCpu.cpuMs) / (atMs - slot.lastCpu.atMs));
      slot.lastCpu = { atMs, cpuMs };
      slot.newCalls = 0;
      slot.missedReadings = 0;
    } catch {
      if (slot.running !== running || isClosed) return;
      slot.missedReadings += 1;
      if (slot.missedReadings < MISSED_READINGS_ALLOWED) return;
      log.error({ pid: running.pid, port: slot.port }, 'media worker does not answer and is ended');
      running.kill();
    }
  }

  function takeLeastBusy(): MediaWorker | undefined {
    const up = slots.filter((slot) => slot.running !== null);
    const index = pickWorker(
      up.map(({ cpuShare, newCalls, running }) => ({
        cpuShare,
        newCalls,
        consumers: [...(running?.tenants ?? [])].reduce((sum, tenant) => sum + tenant.countConsumers(), 0),
        calls: running?.tenants.size ?? 0,
      })),
    );
    const slot = index === undefined ? undefined : up[index];
    if (!slot?.running) return undefined;
    slot.newCalls += 1;
    return slot.running;
  }

  /** Resolves when a worker came up or the time is over, whichever is first. */
  function nextWorker(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        timers.delete(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      timers.add(timer);
      waiting.add(wake);
    });
  }

  async function whenUp(waitMs: number): Promise<void> {
    const deadline = performance.now() + waitMs;
    while (!slots.some(({ running }) => running !== null)) {
      const leftMs = deadline - performance.now();
      if (isClosed || leftMs <= 0) throw callFaults.noMedia();
      await nextWorker(leftMs);
    }
    if (isClosed) throw callFaults.noMedia();
  }

  return {
    start() {
      starting ??= (async () => {
        await Promise.all(slots.map(spawn));
        if (isClosed) return;
        const readAll = () => {
          for (const slot of slots) void sample(slot);
        };
        readAll();
        sampling = setInterval(readAll, sampleMs).unref();
      })();
      return starting;
    },
    whenUp,
    async acquire(waitMs) {
      await whenUp(waitMs);
      const worker = takeLeastBusy();
      if (!worker) throw callFaults.noMedia();
      return worker;
    },
    snapshot: () => ({
      wanted: count,
      up: slots.filter((slot) => slot.running !== null).length,
      died,
      workers: slots.map(({ running, port, cpuShare }) => running && { pid: running.pid, port, cpuShare }),
    }),
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(sampling);
      for (const timer of timers) clearTimeout(timer);
      for (const wake of waiting) wake();
      // A worker that was ended from outside while it started, as by Ctrl-C in a terminal, never answers again.
      await Promise.race([Promise.all(attempts), wait(CLOSE_WAIT_MS, undefined, { ref: false })]);
      await Promise.all(slots.map(({ running }) => running?.close()));
    },
  };
}

function freshSlot(port: number): Slot {
  return {
    port,
    running: null,
    startedAt: 0,
    deathsInARow: 0,
    cpuShare: 0,
    lastCpu: null,
    newCalls: 0,
    missedReadings: 0,
  };
}
