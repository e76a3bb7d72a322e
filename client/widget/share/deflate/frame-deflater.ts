import { createBitWriter } from './bit-writer.ts';
import { writeBlock, writeSyncMark } from './deflate-block.ts';
import { createMatchFinder, type MatchFinder } from './match-finder.ts';

/** A code fits the text it was made for; over longer stretches the text changes its character. */
const BLOCK_TOKENS = 16_384;

/**
 * Deflates frame after frame (RFC 1951) in one context, so that each costs only what it says new. A key frame begins a
 * fresh context; every frame ends at a byte, and whoever reads can take it apart at once.
 *
 * NOTE: our own. The browser's CompressionStream cannot end a frame within a stream. fflate 0.8.3 writes streams that
 * zlib refuses as soon as it is flushed; that can be mended only from inside its private state, and at level 1 alone.
 */
export function createFrameDeflater(): (events: string, isKey: boolean) => Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const writer = createBitWriter();
  let finder: MatchFinder | undefined;
  return (events, isKey) => {
    if (isKey || finder === undefined) finder = createMatchFinder();
    const tokens = finder.run(encoder.encode(events));
    for (let start = 0; start < tokens.length; start += BLOCK_TOKENS) {
      writeBlock(writer, tokens.subarray(start, start + BLOCK_TOKENS));
    }
    writeSyncMark(writer);
    return writer.take();
  };
}
