import type { FromRecorder } from './recorder-messages.ts';
import { readAsset } from './asset-reader.ts';
import { guarded } from './tools/guarded.ts';

/** All that one stream uploads: a page has more pictures than a visitor's line has patience. */
const MAX_TOTAL_BYTES = 8 * 1_024 * 1_024;
const MAX_ASSETS = 2_000;
const MAX_ADDRESS_LENGTH = 2_048;
const AT_ONCE = 3;
/** Browsers keep so many entries unless the page asks for more: from then on the list is not complete. */
const TIMING_BUFFER_SIZE = 250;

export interface AssetCollector {
  /**
   * The key that frames name this address by; undefined for what is never loaded. A style sheet names far more than a
   * page uses, so an address is sent on only once the browser itself has loaded it.
   */
  keyOf(address: string, base: string, isInUse?: boolean): number | undefined;
  /** Looks for addresses that have been loaded since. */
  check(): void;
  close(): void;
}

export function createAssetCollector(
  epoch: number,
  post: (message: FromRecorder, transfer: Transferable[]) => void,
): AssetCollector {
  const keys = new Map<string, number>();
  const waiting = new Map<string, number>();
  const queue: [address: string, assetKey: number][] = [];
  const abort = new AbortController();
  let running = 0;
  let totalBytes = 0;

  const send = (assetKey: number, found: Awaited<ReturnType<typeof readAsset>>): void => {
    if (found === undefined || abort.signal.aborted) return;
    if ('url' in found) {
      if (found.url.length <= MAX_ADDRESS_LENGTH) {
        post({ type: 'asset', epoch, assetKey, hash: null, url: found.url, bytes: null }, []);
      }
      return;
    }
    totalBytes += found.bytes.byteLength;
    if (totalBytes > MAX_TOTAL_BYTES) return;
    post({ type: 'asset', epoch, assetKey, hash: found.hash, url: null, bytes: found.bytes }, [found.bytes]);
  };
  const work = (): void => {
    while (running < AT_ONCE && queue.length > 0 && !abort.signal.aborted) {
      const [address, assetKey] = queue.shift() ?? ['', 0];
      running += 1;
      const done = (): void => {
        running -= 1;
        whenIdle(work);
      };
      readAsset(address, abort.signal)
        .then((found) => send(assetKey, found))
        .then(done, done)
        // Where even that is broken, no more pictures are sent.
        .catch(() => undefined);
    }
  };
  const take = (address: string, assetKey: number): void => {
    waiting.delete(address);
    queue.push([address, assetKey]);
    if (queue.length === 1) whenIdle(work);
  };

  return {
    keyOf(address, base, isInUse = false) {
      let url: URL;
      try {
        url = new URL(address, base);
      } catch {
        return undefined;
      }
      const isLocal = url.protocol === 'data:' || url.protocol === 'blob:';
      if (address === '' || (!isLocal && url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
      url.hash = '';
      const known = keys.get(url.href);
      if (known !== undefined) {
        if (isInUse && waiting.has(url.href)) take(url.href, known);
        return known;
      }
      if (keys.size >= MAX_ASSETS) return undefined;
      const assetKey = keys.size;
      keys.set(url.href, assetKey);
      if (isLocal || isInUse) take(url.href, assetKey);
      else waiting.set(url.href, assetKey);
      return assetKey;
    },
    check() {
      if (waiting.size === 0) return;
      const loaded = listLoaded();
      for (const [address, assetKey] of waiting) {
        if (loaded === undefined || loaded.has(address)) take(address, assetKey);
      }
    },
    close: () => abort.abort(),
  };
}

/** What this page and its own frames have loaded; undefined when the browser cannot tell. */
function listLoaded(): Set<string> | undefined {
  const loaded = new Set<string>();
  for (let index = -1; index < window.length; index += 1) {
    try {
      const { performance } = index < 0 ? window : (window[index] ?? window);
      const entries = performance.getEntriesByType('resource');
      if (index < 0 && (entries.length === 0 || entries.length >= TIMING_BUFFER_SIZE)) return undefined;
      for (const { name } of entries) loaded.add(name);
    } catch {
      // A frame of another origin keeps its list to itself.
    }
  }
  return loaded;
}

function whenIdle(work: () => void): void {
  const act = guarded(work);
  if (typeof requestIdleCallback === 'function') requestIdleCallback(act, { timeout: 1_000 });
  else setTimeout(act, 50);
}
