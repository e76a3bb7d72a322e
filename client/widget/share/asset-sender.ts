import type { Clock } from '../../connection/clock.ts';
import { findRetryAfterMs, toRequestError } from '../../connection/request-error.ts';

const MAX_PIECE_BYTES = 64_000;
/** As the contract says; the recorder keeps to it, this is the door. */
const MAX_ASSET_BYTES = 262_144;
/** A page may have hundreds of pictures; what does not fit is shown as a box. */
const MAX_WAITING = 500;
const MAX_WAITING_BYTES = 8_000_000;
const AT_ONCE = 2;
/** Pictures wait while frames of this size are on their way. */
const BUSY_BYTES = 64_000;
const LOOK_AGAIN_MS = 100;
const RETRY_MS = 2_000;

export interface Asset {
  assetKey: number;
  hash: string | null;
  url: string | null;
  bytes: ArrayBuffer | null;
}

export interface AssetQuestion {
  assetKey: number;
  hash: string | null;
  url: string | null;
  offset: number;
  totalBytes: number | null;
  data: Uint8Array<ArrayBuffer> | null;
}

export interface AssetSenderOptions {
  clock: Clock;
  send(question: AssetQuestion): Promise<{ isKnown: boolean }>;
  /** Bytes of frames that are not confirmed: pictures stand back for them. */
  busyBytes(): number;
}

export interface AssetSender {
  add(asset: Asset): void;
  close(): void;
}

/** Sends pictures and fonts behind the frames: first what they are, and only what the server does not have yet. */
export function createAssetSender({ clock, send, busyBytes }: AssetSenderOptions): AssetSender {
  let waiting: Asset[] = [];
  let waitingBytes = 0;
  let runningCount = 0;
  let isClosed = false;
  let stopTimer: (() => void) | undefined;

  const isOver = () => isClosed;

  function pump(): void {
    while (runningCount < AT_ONCE && waiting.length > 0) {
      if (busyBytes() > BUSY_BYTES) return lookAgainAfter(LOOK_AGAIN_MS);
      if (stopTimer !== undefined) return;
      const asset = waiting.shift()!;
      waitingBytes -= asset.bytes?.byteLength ?? 0;
      runningCount += 1;
      void sendAsset(asset).finally(() => {
        runningCount -= 1;
        pump();
      });
    }
  }

  function lookAgainAfter(delayMs: number): void {
    stopTimer ??= clock.after(delayMs, () => {
      stopTimer = undefined;
      pump();
    });
  }

  async function sendAsset(asset: Asset): Promise<void> {
    try {
      await sendParts(asset);
    } catch (thrown) {
      const { code, details } = toRequestError(thrown);
      if (isClosed) return;
      if (code === 'rate-limited') {
        waiting.unshift(asset);
        waitingBytes += asset.bytes?.byteLength ?? 0;
        lookAgainAfter(findRetryAfterMs(details) ?? RETRY_MS);
      } else if (code === 'limit-reached' || code === 'stale-stream' || code === 'share-ended') {
        close();
      }
      // Any other refusal is about this picture alone: the agent sees a box in its place.
    }
  }

  async function sendParts({ assetKey, hash: told, url, bytes }: Asset): Promise<void> {
    // Pages without HTTPS cannot take it themselves.
    const hash = told ?? (bytes === null ? null : await toHash(bytes));
    if (bytes !== null && hash === null) return;
    const totalBytes = bytes?.byteLength ?? null;
    const { isKnown } = await send({ assetKey, hash, url, offset: 0, totalBytes, data: null });
    if (isKnown || bytes === null) return;
    for (let offset = 0; offset < bytes.byteLength; offset += MAX_PIECE_BYTES) {
      if (isOver()) return;
      const data = new Uint8Array(bytes, offset, Math.min(MAX_PIECE_BYTES, bytes.byteLength - offset));
      await send({ assetKey, hash, url: null, offset, totalBytes, data });
    }
  }

  function close(): void {
    isClosed = true;
    stopTimer?.();
    waiting = [];
  }

  return {
    add(asset) {
      const byteCount = asset.bytes?.byteLength ?? 0;
      const isEmpty = asset.bytes === null ? asset.url === null : byteCount === 0;
      if (isClosed || isEmpty || byteCount > MAX_ASSET_BYTES) return;
      if (waiting.length >= MAX_WAITING || waitingBytes + byteCount > MAX_WAITING_BYTES) return;
      waiting.push(asset);
      waitingBytes += byteCount;
      pump();
    },
    close,
  };
}

/** Null where even this page is not a secure context. */
async function toHash(bytes: ArrayBuffer): Promise<string | null> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
