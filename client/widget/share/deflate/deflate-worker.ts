import { createFrameDeflater } from './frame-deflater.ts';

/** The worker's side of `../frame-squeezer.ts`: frames come in order and go back in order. */
const deflate = createFrameDeflater();
self.addEventListener('message', ({ data }: MessageEvent<{ events: string; isKey: boolean }>) => {
  const frame = deflate(data.events, data.isKey);
  self.postMessage(frame, { transfer: [frame.buffer] });
});
