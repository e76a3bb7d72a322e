import { constants, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createFrameSqueezer } from './frame-squeezer.ts';

const read = (frames: Uint8Array[]): string =>
  inflateRawSync(Buffer.concat(frames), { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');

test('[B5] in a browser that gives no worker frames are made in the page, in their order', async () => {
  const { squeeze } = createFrameSqueezer(() => {
    throw new Error('Refused by a policy.');
  });
  const frames = await Promise.all([squeeze('["first"]', true), squeeze('["second"]', false), squeeze('["3"]', false)]);
  expect(read(frames)).toBe('["first"]["second"]["3"]');
});

test('[B5] without a worker a stream begins with a key frame as well', async () => {
  const { squeeze } = createFrameSqueezer(() => {
    throw new Error('Refused by a policy.');
  });
  await expect(squeeze('["change"]', false)).rejects.toThrow('Only a key frame');
  expect(read([await squeeze('["whole"]', true)])).toBe('["whole"]');
});

test('[B5] when its worker breaks, the page goes on from the next key frame', async () => {
  const worker = Object.assign(new EventTarget(), { postMessage: () => undefined, terminate: () => undefined });
  const { squeeze } = createFrameSqueezer(() => worker as Partial<Worker> as Worker);
  const lost = squeeze('["lost"]', true);
  worker.dispatchEvent(new Event('error'));
  await expect(lost).rejects.toThrow('has failed');
  await expect(squeeze('["change"]', false)).rejects.toThrow('Only a key frame');
  const frames = [await squeeze('["whole"]', true), await squeeze('["change"]', false)];
  expect(read(frames)).toBe('["whole"]["change"]');
});
