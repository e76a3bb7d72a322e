import { sql } from 'kysely';
import type { Party } from '../../protocol/ids.ts';
import type { Db } from './open.ts';

/** Who is connected right now, on whichever node: presence is read here and nowhere else. */
export async function insertConnection(
  db: Db,
  connection: { socketId: string; nodeId: string; party: Party; personId: string },
  now: number,
): Promise<void> {
  await db
    .insertInto('connections')
    .values({ ...connection, connectedAt: now })
    .onConflict((conflict) => conflict.column('socketId').doNothing())
    .execute();
}

export async function deleteConnection(db: Db, socketId: string): Promise<void> {
  await db.deleteFrom('connections').where('socketId', '=', socketId).execute();
}

export async function countConnections(db: Db, personId: string): Promise<number> {
  const row = await db
    .selectFrom('connections')
    .select(sql<number>`count(*)`.as('count'))
    .where('personId', '=', personId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** What a killed process left behind: its connections are gone. */
export async function deleteConnectionsOfNode(db: Db, nodeId: string): Promise<{ party: Party; personId: string }[]> {
  return db.deleteFrom('connections').where('nodeId', '=', nodeId).returning(['party', 'personId']).execute();
}
