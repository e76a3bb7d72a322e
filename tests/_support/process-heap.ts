import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpawnedServer } from './spawn-server.ts';

/** For the environment of a server whose heap is to be searched. */
export const SEARCHABLE = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/**
 * Which tokens a server still reaches after a full collection: in its strings, in its bytes, and in bytes that are the
 * beginning of something packed, as key frames are. What was let go of is not looked at.
 *
 * @param pattern such as `cn-[a-z-]+-x`
 */
export async function findInHeap(server: SpawnedServer, pattern: string): Promise<string[]> {
  const inspector = await openInspector(server);

  const path = join(server.dataDir, '..', `foyer-heap-${server.pid}.json`);
  try {
    // Before the snapshot: what is unpacked here stands in no reachable string by then.
    const buffers = await inspector.ask('Runtime.evaluate', { expression: 'Buffer.prototype' });
    const { objects } = await inspector.ask('Runtime.queryObjects', { prototypeObjectId: buffers.result!.objectId });
    const found = await inspector.ask('Runtime.callFunctionOn', {
      objectId: objects!.objectId,
      functionDeclaration: String(searchBuffers),
      arguments: [{ value: pattern }],
      returnByValue: true,
    });
    await inspector.ask('Runtime.releaseObject', { objectId: objects!.objectId });
    await inspector.ask('Runtime.evaluate', { expression: `(${String(writeHeap)})(${JSON.stringify(path)})` });
    const strings = (await readFile(path, 'latin1')).match(new RegExp(pattern, 'g')) ?? [];
    return [...new Set([...(found.result!.value as string[]), ...strings])].toSorted();
  } finally {
    inspector.close();
    await rm(path, { force: true });
  }
}

/** Runs in the server, as does `writeHeap`: both refer to nothing outside themselves. */
function searchBuffers(this: Buffer[], pattern: string): string[] {
  const { constants, inflateRawSync } = process.getBuiltinModule('node:zlib');
  const found = new Set<string>();
  for (const buffer of this) {
    if (!(buffer instanceof Uint8Array)) continue;
    const texts = [Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).toString('latin1')];
    try {
      texts.push(inflateRawSync(buffer, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1'));
    } catch {
      // Nothing packed.
    }
    for (const text of texts) for (const token of text.match(new RegExp(pattern, 'g')) ?? []) found.add(token);
  }
  return [...found];
}

function writeHeap(path: string): void {
  const v8 = process.getBuiltinModule('node:v8');
  v8.setFlagsFromString('--heap-snapshot-string-limit=100000000');
  v8.writeHeapSnapshot(path);
}

interface Remote {
  objectId: string;
  value?: unknown;
}
interface Answer {
  result?: Remote;
  objects?: Remote;
  exceptionDetails?: unknown;
}
interface Inspector {
  ask(method: string, params: object): Promise<Answer>;
  close(): void;
}

async function openInspector(server: SpawnedServer): Promise<Inspector> {
  const address = /Debugger listening on (ws:\S+)/.exec(server.output())?.[1];
  if (address === undefined) throw new Error('The server was started without an inspector.');
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let asked = 0;
  return {
    ask(method, params) {
      asked += 1;
      const id = asked;
      return new Promise((resolve, reject) => {
        socket.addEventListener('message', function hear({ data }) {
          const answer = JSON.parse(String(data)) as { id?: number; result?: Answer; error?: unknown };
          if (answer.id !== id) return;
          socket.removeEventListener('message', hear);
          const fault = answer.error ?? answer.result?.exceptionDetails;
          if (fault === undefined) resolve(answer.result ?? {});
          else reject(new Error(`${method}: ${JSON.stringify(fault)}`));
        });
        socket.send(JSON.stringify({ id, method, params }));
      });
    },
    close: () => socket.close(),
  };
}
