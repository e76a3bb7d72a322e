import type { FromRecorder } from './recorder-messages.ts';
import { readAsset } from './asset-reader.ts';
import { guarded } from './tools/guarded.ts';

/** All that one stream uploads: a page has more pictures than a visitor's line has patience. */
const MAX_TOTAL_BYTES = 8 * 1_024 * 1_024;
const MAX_ASSETS = 2_000;
const MAX_ADDRESS_LENGTH = 2_048;
const AT_ONCE = 3;

/**
 * How an address has come to be named. `now`: the browser shows it where it may be seen. `named`: by an element that may
 * be seen, or as a font. `styled`: by a style, which names far more than a page uses, and what only hidden elements use.
 */
export type AssetUse = 'now' | 'named' | 'styled';

export interface AssetCollector {
  /**
   * The key that frames name this address by; undefined for what is never loaded. Nothing is fetched that the page has
   * not loaded itself: what is named waits for that, what is styled waits for `use`.
   */
  keyOf(address: string, base: string, use?: AssetUse): number | undefined;
  /** Whether an address waits for `use`. */
  isWaiting(): boolean;
  /** An element that may be seen has this address in its style; where it is one of several, it has to be loaded as well. */
  use(address: string, isChoice: boolean): void;
  /** Looks for addresses that have been loaded since. */
  check(): void;
  close(): void;
}

export function createAssetCollector(
  epoch: number,
  post: (message: FromRecorder, transfer: Transferable[]) => void,
): AssetCollector {
  const keys = new Map<string, number>();
  const waiting = new Map<string, { assetKey: number; isStyled: boolean }>();
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
    keyOf(address, base, use = 'named') {
      // Long, the same wherever it stands, and named again with each key frame.
      if (address.startsWith('data:font') && keys.has(address) && !waiting.has(address)) return keys.get(address);
      let url: URL;
      try {
        url = new URL(address, base);
      } catch {
        return undefined;
      }
      const isLocal = url.protocol === 'data:' || url.protocol === 'blob:';
      if (address === '' || (!isLocal && url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
      url.hash = '';
      const { href } = url;
      const isStyled = use === 'styled';
      const wait = waiting.get(href);
      const assetKey = keys.get(href) ?? keys.size;
      if (assetKey >= MAX_ASSETS) return undefined;
      if (wait ?? !keys.has(href)) {
        keys.set(href, assetKey);
        if (use === 'now' || (isLocal && !isStyled)) take(href, assetKey);
        else waiting.set(href, { assetKey, isStyled: isStyled && wait?.isStyled !== false });
      }
      return assetKey;
    },
    isWaiting: () => waiting.size > 0,
    use(address, isChoice) {
      const wait = waiting.get(address);
      if (!wait?.isStyled) return;
      if (isChoice) wait.isStyled = false;
      else take(address, wait.assetKey);
    },
    check() {
      for (const [address, { assetKey, isStyled }] of waiting) {
        if (!isStyled && isLoaded(address)) take(address, assetKey);
      }
    },
    close: () => abort.abort(),
  };
}

/** By this page or a frame of its own, as far as the browser can tell. */
function isLoaded(address: string): boolean {
  for (let index = -1; index < window.length; index += 1) {
    try {
      const { performance } = index < 0 ? window : (window[index] ?? window);
      if (performance.getEntriesByName(address, 'resource').length > 0) return true;
    } catch {
      // A frame of another origin keeps its list to itself.
    }
  }
  return false;
}

function whenIdle(work: () => void): void {
  const act = guarded(work);
  if (typeof requestIdleCallback === 'function') requestIdleCallback(act, { timeout: 1_000 });
  else setTimeout(act, 50);
}
