import { constants, createInflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createSeededRandom } from '../../../connection/testing/seeded-random.ts';
import { createFrameDeflater } from './frame-deflater.ts';

const sync = { finishFlush: constants.Z_SYNC_FLUSH };

/** Reads frame after frame, each as soon as it has come. */
function createReader(): (frame: Uint8Array) => Promise<string> {
  const inflate = createInflateRaw({ flush: constants.Z_SYNC_FLUSH });
  let chunks: Buffer[] = [];
  inflate.on('data', (chunk: Buffer) => void chunks.push(chunk));
  const broken = new Promise<never>((_, reject) => void inflate.on('error', reject));
  return (frame) => {
    const read = new Promise<string>((resolve) => {
      inflate.write(frame, () => {
        resolve(Buffer.concat(chunks).toString('utf8'));
        chunks = [];
      });
    });
    return Promise.race([read, broken]);
  };
}

test('[B5] every frame can be read as soon as it has come, in the context of those before it', async () => {
  const { next: random } = createSeededRandom(7);
  const deflate = createFrameDeflater();
  const read = createReader();
  for (let index = 0; index < 200; index += 1) {
    const events = JSON.stringify([{ index, text: 'a line of the page, ä ß 漢 🙂'.repeat(Math.ceil(random() * 200)) }]);
    expect(await read(deflate(events, index === 0))).toBe(events);
  }
});

test('[B5] a key frame stands by itself: who comes late needs nothing from before', () => {
  const deflate = createFrameDeflater();
  deflate('["first"]', true);
  deflate('["second"]', false);
  const key = deflate('["third, on its own"]', true);
  const next = deflate('["fourth, on its own"]', false);
  expect(inflateRawSync(key, sync).toString()).toBe('["third, on its own"]');
  expect(inflateRawSync(Buffer.concat([key, next]), sync).toString()).toBe(
    '["third, on its own"]["fourth, on its own"]',
  );
});

test('[B5] what was said before costs next to nothing when it is said again', () => {
  const deflate = createFrameDeflater();
  const events = JSON.stringify(
    Array.from({ length: 60 }, (_, index) => ({ index, name: `price of item ${index * 7}` })),
  );
  const first = deflate(events, true).byteLength;
  expect(deflate(events, false).byteLength).toBeLessThan(first / 4);
});

test('[B5] whatever the text is, zlib reads the same text out of it', async () => {
  const { next: random } = createSeededRandom(11);
  const letters = 'ab{}",:1 \u00e4漢🙂';
  for (let run = 0; run < 12; run += 1) {
    const deflate = createFrameDeflater();
    const read = createReader();
    const alphabet = [...letters].slice(0, 1 + Math.floor(random() * 12));
    let said = 'start';
    for (let frame = 0; frame < 20; frame += 1) {
      const dice = random();
      let text = '';
      if (dice < 0.2) text = said.slice(Math.floor(random() * said.length));
      else if (dice < 0.3) text = alphabet[0]!.repeat(Math.floor(random() * 70_000));
      else {
        const length = Math.floor(random() ** 3 * 30_000);
        for (let index = 0; index < length; index += 1) text += alphabet[Math.floor(random() * alphabet.length)];
      }
      text = Buffer.from(text, 'utf8').toString('utf8');
      said = (said + text).slice(-60_000);
      expect((await read(deflate(text, frame === 0))) === text, `run ${run}, frame ${frame}`).toBe(true);
    }
  }
});

test('[B5] it is within a tenth of what zlib makes of a page', () => {
  const { next: random } = createSeededRandom(5);
  const nodes = Array.from({ length: 6_000 }, (_, index) => ({
    type: 2,
    tagName: index % 7 === 0 ? 'span' : 'div',
    attributes: { class: `cell c-${Math.floor(random() * 90)}`, style: `width:${Math.floor(random() * 400)}px` },
    childNodes: [{ type: 3, textContent: `Item ${Math.floor(random() * 1e6).toString(36)}`, id: index * 2 + 1 }],
    id: index * 2,
  }));
  const events = JSON.stringify(nodes);
  const own = createFrameDeflater()(events, true).byteLength;
  expect(own).toBeLessThan(deflateRawSync(events, { level: 4 }).byteLength * 1.1);
});
