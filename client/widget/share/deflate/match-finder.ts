import type { Token } from './deflate-block.ts';

const WINDOW_BYTES = 32_768;
const WINDOW_MASK = WINDOW_BYTES - 1;
const HASH_BITS = 15;
const MIN_MATCH = 4;
const MAX_MATCH = 258;
/** How many earlier places with the same beginning are tried: more costs time and gains little on events. */
const MAX_TRIES = 12;
/** A match of this length is good enough. */
const NICE_MATCH = 64;

/** Finds what was said before, within the window that a reader keeps. */
export interface MatchFinder {
  /** These bytes as tokens; from now on they belong to what was said before. */
  run(bytes: Uint8Array): Uint32Array;
}

export function createMatchFinder(): MatchFinder {
  /** The last bytes of what came before, then what is being read. Places are counted from the very beginning. */
  let buffer = new Uint8Array(0);
  let readCount = 0;
  /** The last place of each hash, and before each place the one before it; -1 is none. */
  const latest = new Int32Array(1 << HASH_BITS).fill(-1);
  const earlier = new Int32Array(WINDOW_BYTES).fill(-1);

  function append(bytes: Uint8Array): void {
    const kept = Math.min(buffer.byteLength, WINDOW_BYTES);
    const joined = new Uint8Array(kept + bytes.byteLength);
    joined.set(buffer.subarray(buffer.byteLength - kept));
    joined.set(bytes, kept);
    buffer = joined;
  }

  return {
    run(bytes) {
      append(bytes);
      const data = buffer;
      const end = data.byteLength;
      const start = end - bytes.byteLength;
      const base = readCount - start;
      const lastHashed = end - MIN_MATCH;
      const tokens = new Uint32Array(bytes.byteLength);
      let tokenCount = 0;

      // One loop with its own names: this is where all the time goes.
      for (let index = start; index < end;) {
        let token: Token = data[index]!;
        let length = 1;
        if (index <= lastHashed) {
          const hash = hashAt(data, index);
          const place = base + index;
          const most = Math.min(MAX_MATCH, end - index);
          const oldest = Math.max(place - WINDOW_BYTES, base);
          let best = MIN_MATCH - 1;
          let candidate = latest[hash]!;
          for (let tries = MAX_TRIES; tries > 0 && candidate >= oldest; tries -= 1) {
            const from = candidate - base;
            if (data[from + best] === data[index + best]) {
              let same = 0;
              while (same < most && data[from + same] === data[index + same]) same += 1;
              if (same > best) {
                best = same;
                token = (same << 16) | ((place - candidate) & 0xffff);
                if (same >= NICE_MATCH || same === most) break;
              }
            }
            const next = earlier[candidate & WINDOW_MASK]!;
            // Overwritten by a later place: the chain ends here.
            if (next >= candidate) break;
            candidate = next;
          }
          if (best >= MIN_MATCH) length = best;
        }
        tokens[tokenCount] = token;
        tokenCount += 1;
        for (const next = index + length; index < next; index += 1) {
          if (index > lastHashed) continue;
          const hash = hashAt(data, index);
          earlier[(base + index) & WINDOW_MASK] = latest[hash]!;
          latest[hash] = base + index;
        }
      }
      readCount += bytes.byteLength;
      return tokens.subarray(0, tokenCount);
    },
  };
}

function hashAt(data: Uint8Array, index: number): number {
  const word = data[index]! | (data[index + 1]! << 8) | (data[index + 2]! << 16) | (data[index + 3]! << 24);
  return Math.imul(word, 0x9e37_79b1) >>> (32 - HASH_BITS);
}
