import { Inflate } from 'fflate';
import type { StreamEvent } from '../stream-events.ts';
import type { FramePiece } from './frame-piece.ts';

/** Inflated. An 8,000-node page is under 1 MB; what exceeds this is no page that a browser could show. */
const MAX_FRAME_BYTES = 48_000_000;

/** What became of one piece. */
export type Decoded =
  | { kind: 'more' }
  /** A doubled one, or one that comes after a loss: of no use. */
  | { kind: 'dropped' }
  | { kind: 'gap' }
  | { kind: 'failed' }
  | { kind: 'frame'; seq: number; isKey: boolean; events: StreamEvent[] };

export interface FrameDecoder {
  take(piece: FramePiece): Decoded;
  /** Nothing is of use until the next key frame. */
  readonly isAwaitingKey: boolean;
  /** After a failure elsewhere. */
  awaitKey(): void;
}

/**
 * Makes events of the pieces of one tab's epoch. Frames must come without gaps, since each is inflated with what the
 * ones before it said and changes what they built; after a gap or a fault only a key frame helps.
 */
export function createFrameDecoder(): FrameDecoder {
  let inflater: FrameInflater | undefined;
  /** The frame that the next piece belongs to. */
  let expectedSeq = 0;
  let isWithinFrame = false;
  let keySeq = -1;

  function begin(piece: FramePiece): void {
    inflater = createInflater();
    expectedSeq = piece.seq;
    keySeq = piece.seq;
  }

  function fail(): Decoded {
    inflater = undefined;
    return { kind: 'failed' };
  }

  return {
    take(piece) {
      const continuesFrame = isWithinFrame && piece.seq === expectedSeq;
      if (inflater === undefined) {
        if (!piece.isKey) return { kind: 'dropped' };
        begin(piece);
      } else if (!continuesFrame) {
        if (piece.seq < expectedSeq) return { kind: 'dropped' };
        if (piece.isKey) begin(piece);
        else if (piece.seq !== expectedSeq || isWithinFrame) {
          inflater = undefined;
          isWithinFrame = false;
          return { kind: 'gap' };
        }
      }
      isWithinFrame = !piece.isLast;
      if (inflater?.push(piece.data) !== true) return fail();
      if (!piece.isLast) return { kind: 'more' };
      const events = toEvents(inflater.takeText());
      if (events === undefined) return fail();
      const isKey = expectedSeq === keySeq;
      expectedSeq += 1;
      return { kind: 'frame', seq: piece.seq, isKey, events };
    },
    get isAwaitingKey() {
      return inflater === undefined;
    },
    awaitKey() {
      inflater = undefined;
      isWithinFrame = false;
    },
  };
}

interface FrameInflater {
  /** False when the data is broken or too much. */
  push(data: Uint8Array): boolean;
  takeText(): string | undefined;
}

function createInflater(): FrameInflater {
  let parts: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((part) => {
    size += part.length;
    if (size <= MAX_FRAME_BYTES) parts.push(part);
  });
  return {
    push(data) {
      try {
        inflate.push(data);
      } catch {
        return false;
      }
      return size <= MAX_FRAME_BYTES;
    },
    takeText() {
      const whole = new Uint8Array(size);
      let offset = 0;
      for (const part of parts) {
        whole.set(part, offset);
        offset += part.length;
      }
      parts = [];
      size = 0;
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(whole);
      } catch {
        return undefined;
      }
    },
  };
}

function toEvents(text: string | undefined): StreamEvent[] | undefined {
  if (text === undefined) return undefined;
  try {
    const events: unknown = JSON.parse(text);
    // What an event holds is looked at where it is used; see `clean-events.ts`.
    return Array.isArray(events) && events.every(isEvent) ? events : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is StreamEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'number' &&
    'data' in value &&
    typeof value.data === 'object' &&
    value.data !== null
  );
}
