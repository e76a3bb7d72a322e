import { sql } from 'kysely';
import type { Server } from 'socket.io';
import type { ShareService } from '../cobrowse/share-service.ts';
import type { CallService } from '../media/call-service.ts';
import type { Db } from './db/open.ts';
import type { LiveNumbers } from './metrics.ts';

/** What of this process cannot serve right now; empty when it may get traffic. */
export async function listUnready({
  db,
  workers,
}: {
  db: Db;
  workers: { snapshot(): { up: number; wanted: number } };
}): Promise<string[]> {
  const unready: string[] = [];
  const isDatabaseUp = await db
    .selectFrom('leases')
    .select(sql<number>`1`.as('one'))
    .limit(1)
    .execute()
    .then(
      () => true,
      () => false,
    );
  if (!isDatabaseUp) unready.push('database');
  const { up, wanted } = workers.snapshot();
  if (wanted > 0 && up === 0) unready.push('media workers');
  return unready;
}

/** The numbers of this moment, for the metrics. */
export async function readLiveNumbers(parts: {
  db: Db;
  io: Server;
  calls: CallService;
  shares: ShareService;
}): Promise<LiveNumbers> {
  const phases = await parts.db
    .selectFrom('conversations')
    .select(['phase', sql<number>`count(*)`.as('count')])
    .where('phase', '!=', 'ended')
    .groupBy('phase')
    .execute();
  const kinds = await parts.db
    .selectFrom('shares')
    .select(['kind', sql<number>`count(*)`.as('count')])
    .where('phase', '!=', 'ended')
    .groupBy('kind')
    .execute();
  const media = parts.calls.metrics();
  return {
    visitorPages: parts.io.of('/visitor').sockets.size,
    agentPages: parts.io.of('/agent').sockets.size,
    conversations: {
      waiting: 0,
      active: 0,
      held: 0,
      ...Object.fromEntries(phases.map((row) => [row.phase, Number(row.count)])),
    },
    mediaWorkersUp: media.workersUp,
    mediaWorkersWanted: media.workersWanted,
    mediaWorkersDied: media.workersDied,
    rooms: media.rooms,
    producers: media.producers,
    consumers: media.consumers,
    sharing: {
      ...parts.shares.readNumbers(),
      shares: { 'co-browse': 0, screen: 0, ...Object.fromEntries(kinds.map((row) => [row.kind, Number(row.count)])) },
    },
  };
}
