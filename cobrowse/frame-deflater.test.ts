import { constants, inflateRawSync } from 'node:zlib';
import { Inflate } from 'fflate';
import { describe, expect, test } from 'vitest';
import { createFrameDeflater } from './frame-deflater.ts';

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('frames as they are deflated', () => {
  test('[B5] every frame can be read in full as soon as it is there, by zlib and by fflate', () => {
    const random = createRandom(7);
    for (let stream = 0; stream < 40; stream += 1) {
      const deflater = createFrameDeflater();
      const sent: Uint8Array[] = [];
      let [expected, inflated] = ['', ''];
      const inflate = new Inflate((part) => void (inflated += Buffer.from(part).toString('latin1')));
      for (let frame = 0; frame < 12; frame += 1) {
        const length = Math.floor(random() ** 3 * 3_000);
        const text = Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() * 12))).join('');
        expected += `[${text}]`;
        const data = deflater.deflate(`[${text}]`);
        sent.push(data);
        inflate.push(data);
        expect(inflated).toBe(expected);
        const whole = inflateRawSync(Buffer.concat(sent), { finishFlush: constants.Z_SYNC_FLUSH });
        expect(whole.toString('latin1')).toBe(expected);
      }
    }
  });

  test('[B5] a frame of several megabytes stays whole', () => {
    const random = createRandom(11);
    const deflater = createFrameDeflater();
    const texts = [1_000_000, 5, 300_000].map((length) =>
      Array.from({ length: length / 5 }, () => random().toString(36).slice(2, 7)).join(''),
    );
    const sent = texts.map((text) => deflater.deflate(text));
    const whole = inflateRawSync(Buffer.concat(sent), { finishFlush: constants.Z_SYNC_FLUSH });
    expect(whole.toString('latin1') === texts.join('')).toBe(true);
  });
});
