import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDatabase } from './db/open.ts';
import type { OpenDatabase } from './db/open.ts';
import { createLogger } from './logger.ts';
import { startSweeper } from './sweeper.ts';
import type { Sweeper } from './sweeper.ts';

/** Longer than any test: these sweepers turn when they are reminded and not by themselves. */
const NEVER_MS = 3_600_000;

describe('doing what has become due', () => {
  let database: OpenDatabase;
  let sweepers: Sweeper[];
  let swept: string[];
  let logged: string[];
  let looked: string[];
  let now: number;
  beforeEach(async () => {
    database = await openDatabase(':memory:');
    sweepers = [];
    swept = [];
    logged = [];
    looked = [];
    now = 1_000;
  });
  afterEach(async () => {
    for (const sweeper of sweepers) await sweeper.close();
    await database.close();
  });

  type Tasks = Record<string, () => Promise<void>>;
  function start(nodeId: string, tasks: Tasks = {}, everyMs = NEVER_MS, ownTasks: Tasks = {}): Sweeper {
    const sweeper = startSweeper({
      db: database.db,
      now() {
        looked.push(nodeId);
        return now;
      },
      log: createLogger({ level: 'info', destination: { write: (line) => logged.push(line) } }),
      nodeId,
      everyMs,
      ownTasks,
      tasks: { note: async () => void swept.push(nodeId), ...tasks },
    });
    sweepers.push(sweeper);
    return sweeper;
  }

  async function turnAndSweep(sweeper: Sweeper): Promise<void> {
    const before = swept.length;
    sweeper.remindAt(now);
    await expect.poll(() => swept.length).toBe(before + 1);
  }

  /** The node looks for the lease, and its turn is over. */
  async function turnInVain(nodeId: string): Promise<void> {
    const before = swept.length;
    looked = [];
    const sweeper = start(nodeId, {}, 1);
    await expect.poll(() => looked).toContain(nodeId);
    await sweeper.close();
    expect(swept).toHaveLength(before);
  }

  test('[O3] of two nodes one sweeps, and it goes on being the same while it lives', async () => {
    const first = start('node-1');
    await turnAndSweep(first);
    await turnInVain('node-2');
    now += 4_000;
    await turnAndSweep(first);
    now += 4_000;
    await turnInVain('node-2');
    expect(new Set(swept)).toEqual(new Set(['node-1']));
  });

  test('[O3] what each node does for itself is done with or without the lease, also where a task of it fails', async () => {
    await turnAndSweep(start('node-1'));
    const done: string[] = [];
    const own = {
      broken: async () => {
        throw new Error('no');
      },
      last: async () => void done.push('node-2'),
    };
    start('node-2', {}, NEVER_MS, own).remindAt(now);
    await expect.poll(() => done).toEqual(['node-2']);
    expect(logged.some((line) => line.includes('"task":"broken"'))).toBe(true);
    expect(swept).toEqual(['node-1']);
  });

  test('[O3] what each node does for itself is done as well where it cannot be told who holds the lease', async () => {
    await database.db.schema.dropTable('leases').execute();
    const done: string[] = [];
    start('node-1', {}, NEVER_MS, { last: async () => void done.push('node-1') }).remindAt(now);
    await expect.poll(() => done).toEqual(['node-1']);
    await expect.poll(() => logged.some((line) => line.includes('no such table'))).toBe(true);
    expect(swept).toEqual([]);
  });

  test('[O3] the lease of a dead node is taken over once it has run out, and the dead one does not get it back', async () => {
    const first = start('node-1');
    await turnAndSweep(first);
    await first.close();
    now += 5_000;
    await turnAndSweep(start('node-2'));
    await turnInVain('node-1');
    expect(swept).toEqual(['node-1', 'node-2']);
  });

  test('[O5] a task that fails is logged and the others are done all the same', async () => {
    const done: string[] = [];
    const sweeper = start('node-1', {
      broken: async () => {
        throw new Error('no');
      },
      last: async () => void done.push('last'),
    });
    sweeper.remindAt(now);
    await expect.poll(() => done).toEqual(['last']);
    expect(logged.some((line) => line.includes('"task":"broken"'))).toBe(true);
  });

  test('[V15] what is due is done at the turn even when nobody reminds', async () => {
    start('node-1', {}, 5);
    await expect.poll(() => swept.length).toBeGreaterThan(1);
  });

  test('[O4] what is due in more days than a timer can wait is neither done at once nor forgotten', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const TEN_DAYS_MS = 10 * 24 * 3_600_000;
      start('node-1').remindAt(now + 4 * TEN_DAYS_MS);
      for (let step = 0; step < 4; step += 1) {
        expect(swept).toEqual([]);
        now += TEN_DAYS_MS;
        await vi.advanceTimersByTimeAsync(TEN_DAYS_MS + 1);
      }
      await expect.poll(() => swept).toEqual(['node-1']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('[O4] a clock that was set back is waited for', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      start('node-1').remindAt(now + 1_000);
      now -= 500;
      await vi.advanceTimersByTimeAsync(1_001);
      expect(vi.getTimerCount()).toBe(1);
      now += 1_500;
      await vi.advanceTimersByTimeAsync(1_501);
      await expect.poll(() => swept).toEqual(['node-1']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('[O4] a closed sweeper waits for its turn to end and begins no other', async () => {
    const gate = Promise.withResolvers<void>();
    const steps: string[] = [];
    const sweeper = start('node-1', {
      slow: async () => {
        steps.push('begin');
        await gate.promise;
        steps.push('end');
      },
    });
    sweeper.remindAt(now);
    await expect.poll(() => steps).toEqual(['begin']);
    const closing = sweeper.close().then(() => steps.push('closed'));
    sweeper.remindAt(now);
    gate.resolve();
    await closing;
    await sweeper.close();
    expect(steps).toEqual(['begin', 'end', 'closed']);
  });
});
