import { open, readFile } from 'node:fs/promises';

const CHUNK_BYTES = 8_000_000;
/** A token that lies over the border of two chunks is found in the second one. */
const OVERLAP_BYTES = 4_096;
const MAX_TOKEN_LENGTH = 80;

/**
 * Which tokens a process holds anywhere in its memory, be it as bytes or as two-byte strings: not only what its heap
 * still reaches, also what was let go of and not yet written over. A heap snapshot would cut long strings short.
 *
 * @param prefixes how tokens begin, such as `cn-`
 * @param token the whole of one, from its prefix on
 */
export async function findInMemory(pid: number, prefixes: readonly string[], token: RegExp): Promise<string[]> {
  const found = new Set<string>();
  const memory = await open(`/proc/${pid}/mem`, 'r');
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const needles = prefixes.flatMap((prefix) =>
    (['latin1', 'utf16le'] as const).map((encoding) => ({ encoding, bytes: Buffer.from(prefix, encoding) })),
  );
  try {
    for (const [start, end] of await readRegions(pid)) {
      for (let at = start; at < end; at += CHUNK_BYTES - OVERLAP_BYTES) {
        const length = Math.min(CHUNK_BYTES, end - at);
        // Parts that were reserved and never used cannot be read.
        const { bytesRead } = await memory.read(buffer, 0, length, at).catch(() => ({ bytesRead: 0 }));
        const chunk = buffer.subarray(0, bytesRead);
        for (const { encoding, bytes } of needles) {
          for (let from = chunk.indexOf(bytes); from >= 0; from = chunk.indexOf(bytes, from + 1)) {
            const [match] = token.exec(chunk.toString(encoding, from, from + 2 * MAX_TOKEN_LENGTH)) ?? [];
            if (match !== undefined) found.add(match);
          }
        }
      }
    }
  } finally {
    await memory.close();
  }
  return [...found].toSorted();
}

async function readRegions(pid: number): Promise<[number, number][]> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  return maps.split('\n').flatMap((line): [number, number][] => {
    const [, start, end] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    return start === undefined || end === undefined ? [] : [[Number.parseInt(start, 16), Number.parseInt(end, 16)]];
  });
}
