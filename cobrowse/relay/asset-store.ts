import { createHash } from 'node:crypto';
import { ShareError } from '../share-error.ts';
import { sniffAssetType } from './asset-types.ts';
import type { AssetDoor } from './relay.ts';
import type { RelayLimits } from './relay-limits.ts';
import { FIRST_OWN_ASSET_KEY } from './sanitise-urls.ts';

export interface StoredAsset {
  contentType: string;
  bytes: Uint8Array;
}

/** The page an asset belongs to: its keys hold for one epoch of one tab. */
export interface AssetPlace {
  tabId: string;
  epoch: number;
}

export interface AssetInput extends AssetPlace {
  assetKey: number;
  hash: string | null;
  url: string | null;
  offset: number;
  totalBytes: number | null;
  data: Uint8Array | null;
}

/** Pictures and fonts of one share, each content once. Memory alone; gone with the share or its scope. */
export interface AssetStore {
  readonly storedBytes: number;
  /** From now on assets of this page are taken and waited for. */
  openEpoch(place: AssetPlace): void;
  take(input: AssetInput): { isKnown: boolean };
  /** Keeps a picture that stood in a frame as text; its key, or undefined when it is none or there is no room. */
  keepSvg(place: AssetPlace, svg: Uint8Array): number | undefined;
  /** Waits for an asset that has been announced; undefined when there is none or it does not come in time. */
  find(place: AssetPlace, assetKey: number): Promise<StoredAsset | undefined>;
  dropEpoch(place: AssetPlace): void;
  clear(): void;
}

export interface AssetStoreParts {
  limits: Pick<
    RelayLimits,
    'maxAssetBytes' | 'maxShareAssetBytes' | 'maxShareAssets' | 'publicFetchesAtOnce' | 'assetWaitMs'
  >;
  door: AssetDoor;
  /** A page can name this content by this key from now on. */
  onStored?(place: AssetPlace, assetKey: number, asset: StoredAsset): void;
}

type Entry =
  | { state: 'awaited'; waiting: Set<(asset: StoredAsset | undefined) => void> }
  | { state: 'here'; asset: StoredAsset }
  | { state: 'missing' };

interface Upload {
  hash: string;
  buffer: Buffer;
  filled: number;
}

export function createAssetStore({ limits, door, onStored }: AssetStoreParts): AssetStore {
  /** By hash of the content, or by address. */
  const contents = new Map<string, StoredAsset>();
  const pages = new Map<string, Map<number, Entry>>();
  const uploads = new Map<string, Upload>();
  const fetches: (() => Promise<void>)[] = [];
  let running = 0;
  let storedBytes = 0;
  /** Bytes promised to uploads under way. */
  let promisedBytes = 0;
  let keyCount = 0;
  let nextOwnKey = FIRST_OWN_ASSET_KEY;
  /** Grows with each `clear`: what is fetched meanwhile belongs to what was shared before. */
  let generation = 0;

  const pageKey = ({ tabId, epoch }: AssetPlace): string => `${epoch}/${tabId}`;
  const ownKeys = new Map<string, number>();

  function settle(place: AssetPlace, assetKey: number, asset: StoredAsset | undefined): void {
    const entries = pages.get(pageKey(place));
    const before = entries?.get(assetKey);
    entries?.set(assetKey, asset ? { state: 'here', asset } : { state: 'missing' });
    if (entries && asset) onStored?.({ tabId: place.tabId, epoch: place.epoch }, assetKey, asset);
    if (before?.state === 'awaited') for (const answer of before.waiting) answer(asset);
  }

  function announce(place: AssetPlace, assetKey: number): void {
    const entries = pages.get(pageKey(place));
    if (!entries || entries.get(assetKey)?.state === 'awaited') return;
    if (!entries.has(assetKey)) {
      if (keyCount >= limits.maxShareAssets) throw noRoom();
      keyCount += 1;
    }
    entries.set(assetKey, { state: 'awaited', waiting: new Set() });
  }

  function store(name: string, asset: StoredAsset): boolean {
    if (contents.has(name)) return true;
    if (storedBytes + promisedBytes + asset.bytes.byteLength > limits.maxShareAssetBytes) return false;
    contents.set(name, asset);
    storedBytes += asset.bytes.byteLength;
    return true;
  }

  function dropUpload(key: string): void {
    const upload = uploads.get(key);
    if (!upload) return;
    promisedBytes -= upload.buffer.length;
    uploads.delete(key);
  }

  function takePiece(input: AssetInput, hash: string, data: Uint8Array): void {
    const key = `${pageKey(input)}/${input.assetKey}`;
    let upload = uploads.get(key);
    if (input.offset === 0) {
      dropUpload(key);
      const { totalBytes } = input;
      if (totalBytes === null || totalBytes > limits.maxAssetBytes) throw badPiece();
      if (storedBytes + promisedBytes + totalBytes > limits.maxShareAssetBytes) {
        settle(input, input.assetKey, undefined);
        throw noRoom();
      }
      upload = { hash, buffer: Buffer.alloc(totalBytes), filled: 0 };
      promisedBytes += totalBytes;
      uploads.set(key, upload);
    }
    const isFitting =
      upload?.hash === hash && upload.filled === input.offset && input.offset + data.byteLength <= upload.buffer.length;
    if (!upload || !isFitting) {
      dropUpload(key);
      settle(input, input.assetKey, undefined);
      throw badPiece();
    }
    upload.buffer.set(data, input.offset);
    upload.filled += data.byteLength;
    if (upload.filled < upload.buffer.length) return;
    dropUpload(key);
    const contentType = sniffAssetType(upload.buffer);
    const isGenuine = createHash('sha256').update(upload.buffer).digest('hex') === hash;
    const asset = contentType && isGenuine ? { contentType, bytes: upload.buffer } : undefined;
    settle(input, input.assetKey, asset && store(hash, asset) ? asset : undefined);
  }

  function pumpFetches(): void {
    while (running < limits.publicFetchesAtOnce) {
      const next = fetches.shift();
      if (!next) return;
      running += 1;
      void next().finally(() => {
        running -= 1;
        pumpFetches();
      });
    }
  }

  function fetchLater(place: AssetPlace, assetKey: number, url: string): void {
    const begunIn = generation;
    fetches.push(async () => {
      if (begunIn !== generation) return;
      const fetched = contents.get(url) ?? (await door.fetchPublic(url).catch(() => undefined));
      if (begunIn !== generation) return;
      const isFitting = fetched !== undefined && fetched.bytes.byteLength <= limits.maxAssetBytes;
      settle(place, assetKey, isFitting && store(url, fetched) ? fetched : undefined);
    });
    pumpFetches();
  }

  return {
    get storedBytes() {
      return storedBytes;
    },
    openEpoch(place) {
      pages.set(pageKey(place), new Map());
    },
    take(input) {
      if (input.assetKey >= FIRST_OWN_ASSET_KEY || (input.hash === null) === (input.url === null)) throw badPiece();
      if (input.url !== null) {
        announce(input, input.assetKey);
        fetchLater({ tabId: input.tabId, epoch: input.epoch }, input.assetKey, input.url);
        return { isKnown: true };
      }
      const hash = input.hash ?? '';
      const known = contents.get(hash);
      if (known || input.offset === 0) announce(input, input.assetKey);
      if (known) {
        settle(input, input.assetKey, known);
        return { isKnown: true };
      }
      if (input.data) takePiece(input, hash, input.data);
      return { isKnown: false };
    },
    keepSvg(place, svg) {
      if (svg.byteLength > limits.maxAssetBytes || sniffAssetType(svg) !== 'image/svg+xml') return undefined;
      const hash = createHash('sha256').update(svg).digest('hex');
      const asset = contents.get(hash) ?? { contentType: 'image/svg+xml', bytes: svg };
      const entries = pages.get(pageKey(place));
      // The same picture again, as in each rule of a style sheet, keeps its key.
      const ownName = `${pageKey(place)}/${hash}`;
      const known = ownKeys.get(ownName);
      if (known !== undefined) return known;
      if (!entries || keyCount >= limits.maxShareAssets || !store(hash, asset)) return undefined;
      keyCount += 1;
      const key = nextOwnKey;
      nextOwnKey += 1;
      entries.set(key, { state: 'here', asset });
      ownKeys.set(ownName, key);
      onStored?.({ tabId: place.tabId, epoch: place.epoch }, key, asset);
      return key;
    },
    find(place, assetKey) {
      const entry = pages.get(pageKey(place))?.get(assetKey);
      if (entry?.state === 'here') return Promise.resolve(entry.asset);
      if (entry?.state === 'missing') return Promise.resolve(undefined);
      const entries = pages.get(pageKey(place));
      // The frame that names it may be faster than what announces it; of unknown pages nothing is awaited.
      if (!entries) return Promise.resolve(undefined);
      const awaited: Entry = entry ?? { state: 'awaited', waiting: new Set() };
      if (!entry) {
        if (keyCount >= limits.maxShareAssets) return Promise.resolve(undefined);
        keyCount += 1;
        entries.set(assetKey, awaited);
      }
      return new Promise((resolve) => {
        const answer = (asset: StoredAsset | undefined): void => {
          clearTimeout(timer);
          awaited.waiting.delete(answer);
          resolve(asset);
        };
        const timer = setTimeout(answer, limits.assetWaitMs, undefined);
        awaited.waiting.add(answer);
      });
    },
    dropEpoch(place) {
      const entries = pages.get(pageKey(place));
      if (!entries) return;
      for (const entry of entries.values()) {
        if (entry.state === 'awaited') for (const answer of entry.waiting) answer(undefined);
      }
      keyCount -= entries.size;
      pages.delete(pageKey(place));
      for (const name of ownKeys.keys()) if (name.startsWith(`${pageKey(place)}/`)) ownKeys.delete(name);
      for (const key of uploads.keys()) if (key.startsWith(`${pageKey(place)}/`)) dropUpload(key);
    },
    clear() {
      generation += 1;
      for (const entries of pages.values()) {
        for (const entry of entries.values()) {
          if (entry.state === 'awaited') for (const answer of entry.waiting) answer(undefined);
        }
      }
      // Views into buffers that others still hold are left alone; ours are overwritten.
      for (const { bytes } of contents.values()) bytes.fill(0);
      for (const { buffer } of uploads.values()) buffer.fill(0);
      contents.clear();
      pages.clear();
      ownKeys.clear();
      uploads.clear();
      fetches.length = 0;
      storedBytes = 0;
      promisedBytes = 0;
      keyCount = 0;
    },
  };
}

function noRoom(): ShareError {
  return new ShareError('limit-reached', 'No more pictures of this page can be shown.');
}

function badPiece(): ShareError {
  return new ShareError('bad-input', 'This piece of a picture does not fit.');
}
