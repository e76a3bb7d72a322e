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
    return { squeeze: createPageSqueezer(), close: () => undefined };
  }
}

/** Fetched for the few browsers that need it: the worker brings its own. */
function createPageSqueezer(): FrameSqueezer['squeeze'] {
  let loading: Promise<(events: string, isKey: boolean) => Uint8Array<ArrayBuffer>> | undefined;
  return async (events, isKey) => {
    if (loading === undefined && !isKey) throw new Error('Only a key frame begins a new context.');
    loading ??= import('./deflate/frame-deflater.ts').then(({ createFrameDeflater }) => createFrameDeflater());
    try {
      return (await loading)(events, isKey);
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
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
  const squeezeInPage = createPageSqueezer();
  return {
    async squeeze(events, isKey) {
      if (!isBroken) {
        return new Promise((resolve, reject) => {
          waiting.push({ resolve, reject });
          worker.postMessage({ events, isKey }, { transfer: [] });
        });
      }
      return squeezeInPage(events, isKey);
    },
    close() {
      worker.terminate();
      for (const { reject } of waiting.splice(0)) reject(new Error('Closed.'));
      waiting = [];
    },
  };
}
