import { constants, inflateRawSync } from 'node:zlib';
import { decodeChunk } from '../../cobrowse/chunk-format.ts';
import type { ChunkFrame } from '../../cobrowse/chunk-format.ts';
import type { ShareId } from '../../protocol/ids.ts';
import type { Db } from '../../server/db/open.ts';

/** The frames of a recording as they lie in the database, unpacked. */
export async function readStored(db: Db, shareId: ShareId): Promise<string> {
  const rows = await db
    .selectFrom('recordingChunks')
    .select('data')
    .where('shareId', '=', shareId)
    .orderBy('chunkId')
    .execute();
  return unpackRuns(rows.flatMap(({ data }) => decodeChunk(data)));
}

/** What these frames say: each key frame begins a stream of its own. */
export function unpackRuns(frames: readonly Pick<ChunkFrame, 'isKey' | 'isDrawing' | 'data'>[]): string {
  const runs: Uint8Array[][] = [];
  for (const { isKey, data } of frames.filter(({ isDrawing }) => !isDrawing)) {
    if (isKey) runs.push([]);
    runs.at(-1)?.push(data);
  }
  return runs
    .map((run) => inflateRawSync(Buffer.concat(run), { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8'))
    .join('\n');
}
