import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { planListening } from '../../media/sfu/announced-address.ts';
import { createWorkerPool, type WorkerPool, type WorkerPoolOptions } from '../../media/sfu/worker-pool.ts';
import type { WorkerTenant } from '../../media/sfu/media-worker.ts';
import { createTestLog, findFreePorts } from './support/call-world.ts';
import { codeOf } from './support/call-steps.ts';

const WAIT_MS = 10_000;
const pools: WorkerPool[] = [];
const problems: { level: 'warn' | 'error'; message: string }[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  problems.length = 0;
});

async function openPool(workerCount: number, options: Partial<WorkerPoolOptions> = {}): Promise<WorkerPool> {
  const pool = createWorkerPool({
    log: createTestLog(problems),
    listenPlan: planListening(undefined, () => ({})),
    basePort: await findFreePorts(workerCount),
    workerCount,
    ...options,
  });
  pools.push(pool);
  await pool.start();
  return pool;
}

/** Something that lives on a worker, and a promise of its notice. */
function makeTenant(consumers = 0): { tenant: WorkerTenant; lost: Promise<void> } {
  const lost = Promise.withResolvers<void>();
  return { tenant: { countConsumers: () => consumers, handleWorkerDied: () => lost.resolve() }, lost: lost.promise };
}

const pidOf = (pool: WorkerPool, index = 0): number => pool.snapshot().workers[index]?.pid ?? 0;

describe('starting', () => {
  test('[O4] each worker has one port, the next one after the other', async () => {
    const pool = await openPool(2);
    const { wanted, up, workers } = pool.snapshot();
    expect({ wanted, up }).toEqual({ wanted: 2, up: 2 });
    expect((workers[1]?.port ?? 0) - (workers[0]?.port ?? 0)).toBe(1);
  });

  test('[CA18] a missing worker binary is said once per try and calls are refused, but the server starts', async () => {
    const pool = await openPool(1, { workerBin: '/nonexistent/media-worker' });
    expect(pool.snapshot()).toMatchObject({ wanted: 1, up: 0 });
    expect(problems).toContainEqual({ level: 'error', message: 'media worker could not start' });
    expect(await codeOf(pool.acquire(0))).toBe('media-unavailable');
  });

  test('[CA18] a port that somebody else holds is tried again until it is free', async () => {
    const port = await findFreePorts(1);
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    const pool = await openPool(1, { basePort: port });
    expect(pool.snapshot().up).toBe(0);
    await new Promise((resolve) => squatter.close(resolve));
    const worker = await pool.acquire(WAIT_MS);
    expect(worker.pid).toBe(pidOf(pool));
  });
});

describe('spreading', () => {
  test('[CA19] calls go to the worker that has less to carry', async () => {
    const pool = await openPool(2);
    const first = await pool.acquire(WAIT_MS);
    first.enter(makeTenant(4).tenant);
    const second = await pool.acquire(WAIT_MS);
    expect(second.pid).not.toBe(first.pid);
    second.enter(makeTenant(1).tenant);
    expect((await pool.acquire(WAIT_MS)).pid).toBe(second.pid);
  });

  test('[CA19] what has left a worker no longer counts', async () => {
    const pool = await openPool(2);
    const first = await pool.acquire(WAIT_MS);
    const leave = first.enter(makeTenant(9).tenant);
    const second = await pool.acquire(WAIT_MS);
    second.enter(makeTenant(1).tenant);
    leave();
    expect((await pool.acquire(WAIT_MS)).pid).toBe(first.pid);
  });
});

describe('dying', () => {
  test('[CA22] a killed worker is replaced on its port and whoever lived on it is told', async () => {
    const pool = await openPool(1);
    const { port } = pool.snapshot().workers[0] ?? {};
    const worker = await pool.acquire(WAIT_MS);
    const { tenant, lost } = makeTenant();
    worker.enter(tenant);
    process.kill(worker.pid, 'SIGKILL');
    await lost;
    const next = await pool.acquire(WAIT_MS);
    expect(next.pid).not.toBe(worker.pid);
    expect(pool.snapshot()).toMatchObject({ up: 1, died: 1, workers: [{ port, pid: next.pid }] });
  });

  test('[CA22] a worker that dies over and over comes back each time', async () => {
    const pool = await openPool(1);
    for (let deaths = 1; deaths <= 3; deaths += 1) {
      const worker = await pool.acquire(WAIT_MS);
      const { tenant, lost } = makeTenant();
      worker.enter(tenant);
      process.kill(worker.pid, 'SIGKILL');
      await lost;
      await pool.whenUp(WAIT_MS);
      expect(pool.snapshot().died).toBe(deaths);
    }
  });

  test('[CA22] a worker that hangs is ended and replaced', async () => {
    const pool = await openPool(1, { sampleMs: 100 });
    const worker = await pool.acquire(WAIT_MS);
    const { tenant, lost } = makeTenant();
    worker.enter(tenant);
    process.kill(worker.pid, 'SIGSTOP');
    await lost;
    expect((await pool.acquire(WAIT_MS)).pid).not.toBe(worker.pid);
  });

  test('[CA22] the other workers carry on while one is being replaced', async () => {
    const pool = await openPool(2);
    const [doomed, other] = [pidOf(pool, 0), pidOf(pool, 1)];
    const { tenant, lost } = makeTenant();
    let worker = await pool.acquire(WAIT_MS);
    while (worker.pid !== doomed) worker = await pool.acquire(WAIT_MS);
    worker.enter(tenant);
    process.kill(doomed, 'SIGKILL');
    await lost;
    expect((await pool.acquire(0)).pid).toBe(other);
  });
});

describe('closing', () => {
  test('[O1] closing ends every worker process, and closing again is harmless', async () => {
    const pool = await openPool(2);
    const pids = [pidOf(pool, 0), pidOf(pool, 1)];
    await pool.close();
    await pool.close();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(await codeOf(pool.acquire(WAIT_MS))).toBe('media-unavailable');
  });

  test('[O1] who waits for a worker while the pool closes is told at once', async () => {
    const pool = await openPool(1, { workerBin: '/nonexistent/media-worker' });
    const waiting = codeOf(pool.acquire(60_000));
    await pool.close();
    expect(await waiting).toBe('media-unavailable');
  });
});
