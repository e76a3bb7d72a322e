import { createFrameDeflater } from './deflate/frame-deflater.ts';

/** Makes frames small, one after another. */
export interface FrameSqueezer {
  /** Answers in the order of the calls. */
  squeeze(events: string, isKey: boolean): Promise<Uint8Array<ArrayBuffer>>;
  close(): void;
}

/**
 * In a worker of our own origin: the key frame of a large page takes 50 ms and more, five times that on a phone, and
 * where widget and page share an origin they share a thread. Without workers it is done right here.
 */
export function createFrameSqueezer(startWorker: () => Worker = startDeflateWorker): FrameSqueezer {
  try {
    return createWorkerSqueezer(startWorker());
  } catch {
    const deflate = createFrameDeflater();
    return { squeeze: async (events, isKey) => deflate(events, isKey), close: () => undefined };
  }
}

function startDeflateWorker(): Worker {
  return new Worker(new URL('./deflate/deflate-worker.ts', import.meta.url), { type: 'module' });
}

interface Waiting {
  resolve(frame: Uint8Array<ArrayBuffer>): void;
  reject(reason: Error): void;
}

function createWorkerSqueezer(worker: Worker): FrameSqueezer {
  let waiting: Waiting[] = [];
  let isBroken = false;
  worker.addEventListener('message', ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) =>
    waiting.shift()?.resolve(data),
  );
  const fail = () => {
    isBroken = true;
    for (const { reject } of waiting.splice(0)) reject(new Error('The worker that makes frames small has failed.'));
  };
  worker.addEventListener('error', fail);
  worker.addEventListener('messageerror', fail);
  /** Takes over for good: a context cannot move, so the next frame has to be a key frame. */
  let inPage: ReturnType<typeof createFrameDeflater> | undefined;
  return {
    async squeeze(events, isKey) {
      if (!isBroken) {
        return new Promise((resolve, reject) => {
          waiting.push({ resolve, reject });
          worker.postMessage({ events, isKey }, { transfer: [] });
        });
      }
      if (inPage === undefined && !isKey) throw new Error('Only a key frame begins a new context.');
      inPage ??= createFrameDeflater();
      return inPage(events, isKey);
    },
    close() {
      worker.terminate();
      for (const { reject } of waiting.splice(0)) reject(new Error('Closed.'));
      waiting = [];
    },
  };
}
