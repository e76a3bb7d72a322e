import type { Db } from './db/open.ts';
import type { Logger } from './logger.ts';

/** The longest that a timer of Node can wait, some 24 days; a longer one would ring at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The lease outlives a few missed turns, so that a busy node keeps it and a dead one loses it soon. */
const LEASE_MS = 5_000;
const LEASE_NAME = 'sweep';

export interface Sweeper {
  /** Looks once more at this time, so that what is due happens promptly and not at the next turn. */
  remindAt(dueAt: number): void;
  close(): Promise<void>;
}

/**
 * Does what has become due. The due times are in the database and one node at a time holds the lease, so a restart or
 * a dead node forgets nothing; reminders only make it prompt. What a node does for itself needs no lease.
 */
export function startSweeper(parts: {
  db: Db;
  now: () => number;
  log: Logger;
  nodeId: string;
  everyMs: number;
  /** For everybody, by whoever holds the lease. */
  tasks: Record<string, () => Promise<void>>;
  /** By each node for itself: what it has in memory follows what others have stored. */
  ownTasks: Record<string, () => Promise<void>>;
}): Sweeper {
  const { db, now, log } = parts;
  const reminders = new Set<NodeJS.Timeout>();
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  let isClosed = false;

  async function sweep(): Promise<void> {
    try {
      if (await takeLease(db, parts.nodeId, now())) await doEach(parts.tasks);
    } finally {
      await doEach(parts.ownTasks);
    }
  }

  async function doEach(tasks: Record<string, () => Promise<void>>): Promise<void> {
    for (const [name, task] of Object.entries(tasks)) {
      try {
        await task();
      } catch (error) {
        log.error({ err: error, task: name }, 'a due task failed');
      }
    }
  }

  function turn(): void {
    if (isClosed) return;
    // What falls due during a sweep may have been passed by already.
    if (running) {
      isAskedAgain = true;
      return;
    }
    running = sweep()
      .catch((error: unknown) => log.error({ err: error }, 'sweeping failed'))
      .finally(() => {
        running = undefined;
        if (isAskedAgain) turn();
      });
    isAskedAgain = false;
  }

  function remindAt(dueAt: number): void {
    if (isClosed) return;
    const reminder = setTimeout(
      () => {
        reminders.delete(reminder);
        // Too early: it was farther than a timer can wait, or the clock was set back meanwhile.
        if (now() < dueAt) remindAt(dueAt);
        else turn();
      },
      Math.min(Math.max(0, dueAt - now()) + 1, LONGEST_TIMER_MS),
    );
    reminders.add(reminder);
  }

  const interval = setInterval(turn, parts.everyMs);
  return {
    remindAt,
    async close() {
      isClosed = true;
      clearInterval(interval);
      for (const reminder of reminders) clearTimeout(reminder);
      await running;
    },
  };
}

/** One conditional write: whoever holds a live lease keeps it, a dead one is taken over. */
async function takeLease(db: Db, holder: string, now: number): Promise<boolean> {
  const expiresAt = now + LEASE_MS;
  const taken = await db
    .insertInto('leases')
    .values({ name: LEASE_NAME, holder, expiresAt })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, expiresAt })
        .where((where) => where.or([where('leases.holder', '=', holder), where('leases.expiresAt', '<=', now)])),
    )
    .returning('holder')
    .executeTakeFirst();
  return taken?.holder === holder;
}
