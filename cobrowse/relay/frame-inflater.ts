import { constants, createInflateRaw } from 'node:zlib';
import type { InflateRaw } from 'node:zlib';

export type InflateFaultCause = 'undecodable' | 'too-large';

/** Bytes below which the ratio says nothing: an empty list packs into two. */
const RATIO_COUNTS_FROM = 1_000_000;

/**
 * Unpacks the frames of one stream in order, on zlib's own threads. A key frame begins a new context; the others go on
 * in it, so after a fault only the next key frame can be read.
 */
export interface FrameInflater {
  inflate(pieces: readonly Uint8Array[], isKey: boolean, maxBytes: number): Promise<string | InflateFault>;
  close(): void;
}

/** A fault is an answer here, not an exception: hostile pages make many. */
export interface InflateFault {
  fault: InflateFaultCause;
}

export function createFrameInflater(maxRatio: number): FrameInflater {
  let context: InflateRaw | undefined;
  let isClosed = false;

  function begin(): InflateRaw {
    context?.destroy();
    context = createInflateRaw({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH });
    // What it still reports once its frame has been answered concerns nobody.
    context.on('error', () => undefined);
    return context;
  }

  return {
    inflate(pieces, isKey, maxBytes) {
      const inflater = isKey ? begin() : context;
      if (!inflater || inflater.destroyed || isClosed) return Promise.resolve({ fault: 'undecodable' });
      return new Promise((resolve) => {
        const chunks: Buffer[] = [];
        const packedBytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
        let bytes = 0;
        const finish = (result: string | InflateFault): void => {
          inflater.off('data', takeChunk).off('error', fail).off('end', fail).off('close', fail);
          if (typeof result !== 'string') inflater.destroy();
          resolve(result);
        };
        const fail = (): void => finish({ fault: 'undecodable' });
        const takeChunk = (chunk: Buffer): void => {
          bytes += chunk.length;
          const isBomb = bytes > RATIO_COUNTS_FROM && bytes > packedBytes * maxRatio;
          if (bytes > maxBytes || isBomb) finish({ fault: 'too-large' });
          else chunks.push(chunk);
        };
        // One fault may come as several events, and a page may end the stream itself.
        inflater.on('data', takeChunk).on('error', fail).on('end', fail).on('close', fail);
        for (const piece of pieces.slice(0, -1)) inflater.write(piece);
        inflater.write(pieces.at(-1) ?? Buffer.alloc(0), (error) => {
          if (error) fail();
          else finish(Buffer.concat(chunks).toString('utf8'));
        });
      });
    },
    close() {
      isClosed = true;
      context?.destroy();
      context = undefined;
    },
  };
}
