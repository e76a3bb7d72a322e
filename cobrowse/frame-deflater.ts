import { Deflate } from 'fflate';

/** Deflates frames of one context: what a frame says, later ones refer to. */
export interface FrameDeflater {
  /** The whole frame, ending at a byte, so that the other end can read all of it at once. */
  deflate(text: string): Uint8Array;
}

/** What fflate 0.8.3 keeps between two calls: in `r` the bits that do not fill a byte yet, with their number below. */
interface DeflateState {
  s: { r?: number };
}

/**
 * A context of its own, for each key frame a new one. Level 1: of the time that higher ones take, the page that shares
 * has none to give.
 *
 * NOTE: not with fflate's own `flush(true)`. In 0.8.3 it writes its empty block one byte short whenever six bits were
 * left over, so that one frame in eight spoils those after it.
 */
export function createFrameDeflater(): FrameDeflater {
  let parts: Uint8Array[] = [];
  const stream = new Deflate({ level: 1 }, (part) => void parts.push(part));
  return {
    deflate(text) {
      parts = [];
      stream.push(new TextEncoder().encode(text));
      stream.flush();
      parts.push(endAtByte(stream));
      return join(parts);
    },
  };
}

/** An empty stored block: three zero bits after what is left over, then its length and the complement of it. */
function endAtByte(stream: object): Uint8Array {
  const state = (stream as DeflateState).s;
  const leftOver = state.r ?? 0;
  state.r = 0;
  const hasSecondByte = (leftOver & 7) + 3 > 8;
  return new Uint8Array([leftOver >> 3, ...(hasSecondByte ? [0] : []), 0, 0, 0xff, 0xff]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
