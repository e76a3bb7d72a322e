import type { SharedTab } from '../../protocol/sharing.ts';
import { shareFaults, ShareError } from '../share-error.ts';
import { createFrameCache } from './frame-cache.ts';
import type { FrameCache, KeptFrame } from './frame-cache.ts';
import { createFrameDeflater } from './frame-deflater.ts';
import { createFrameInflater } from './frame-inflater.ts';
import { isTooHeavy } from './frame-weight.ts';
import { createKeyAsker } from './key-asker.ts';
import type { KeyReason } from './key-asker.ts';
import type { ProcessorBudget } from './processor-budget.ts';
import type { RelayLimits } from './relay-limits.ts';
import { countRefused } from './relay-metrics.ts';
import type { RefusalCause, RelayCounters } from './relay-metrics.ts';
import { createFrameCleaner } from './sanitise-events.ts';
import type { KeepSvg } from './sanitise-urls.ts';
import { createTokenBucket } from './token-bucket.ts';

export interface FramePiece {
  seq: number;
  isKey: boolean;
  isLast: boolean;
  data: Uint8Array;
}

/** One page of the visitor from its `share:open-stream` until it goes: takes its frames, cleans and keeps them. */
export interface TabStream {
  readonly tabId: string;
  readonly epoch: number;
  readonly scopeNumber: number;
  readonly socketId: string;
  readonly cache: FrameCache;
  tab: SharedTab;
  isWanted: boolean;
  /** Resolves once the frame is done with, so that the page knows what is still on its way. @throws `ShareError` */
  take(piece: FramePiece): Promise<void>;
  /** Something is wrong with what viewers have: a key frame will come. */
  wantKey(reason: KeyReason): void;
  /** Nothing that was kept may be shown again; the stream goes on with the next key frame. */
  forget(): void;
  /** From now on nothing comes out, not even what is being unpacked. */
  close(): void;
}

export interface TabStreamParts {
  tab: SharedTab;
  scopeNumber: number;
  socketId: string;
  now: () => number;
  limits: RelayLimits;
  counters: RelayCounters;
  /** One for all that is shared in this conversation. */
  budget: ProcessorBudget;
  /** False when the share has used up what it may send. */
  countBytes(bytes: number): boolean;
  keepSvg: KeepSvg;
  askKey(): void;
  /** `events` is the frame as JSON. */
  onFrame(frame: KeptFrame, events: string): void;
  /** This page sends what no honest page does: the stream is closed. */
  onFailed(cause: RefusalCause): void;
  /** Its frames have used up the budget again and again. */
  onHopeless(): void;
}

interface GatheredFrame {
  seq: number;
  isKey: boolean;
  pieces: Uint8Array[];
  bytes: number;
}

export function createTabStream(parts: TabStreamParts): TabStream {
  const { limits, counters, now, budget } = parts;
  const inflater = createFrameInflater(limits.maxRatio);
  const deflater = createFrameDeflater();
  const cleaner = createFrameCleaner({ keepSvg: parts.keepSvg });
  const cache = createFrameCache();
  const keys = createKeyAsker({
    now,
    limits,
    ask() {
      counters.keyFramesAsked += 1;
      parts.askKey();
    },
  });
  const pieceRate = createTokenBucket(limits.piecesPerSecond, limits.piecesAtOnce, now);
  const byteRate = createTokenBucket(limits.bytesPerSecond, limits.bytesAtOnce, now);
  const keyRate = createTokenBucket(limits.keysPerSecond, limits.keysAtOnce, now);
  let isClosed = false;
  let nextSeq = 0;
  let gathered: GatheredFrame | undefined;
  /** At the door: frames are missing, only a key frame is let in. */
  let awaitsKey = true;
  /** Behind the queue: the last frame could not be read, those after it cannot either. */
  let isBroken = true;
  /** Grows when everything kept is to be forgotten, so that a frame under way then does not come back. */
  let generation = 0;
  let queue: Promise<void> = Promise.resolve();

  function fail(cause: RefusalCause, error: ShareError): never {
    countRefused(counters, cause);
    parts.onFailed(cause);
    throw error;
  }

  function failTooLarge(): never {
    fail('too-large', new ShareError('too-large', 'This page is too large to be shared.'));
  }

  function checkLimits({ data, isKey }: FramePiece): void {
    counters.bytesIn += data.byteLength;
    if (!pieceRate.take() || !byteRate.take(data.byteLength) || !parts.countBytes(data.byteLength)) {
      fail('too-many', new ShareError('rate-limited', 'This page changes more than can be shared.'));
    }
    if (gathered || !isKey) return;
    if (!keyRate.take()) fail('too-many', new ShareError('rate-limited', 'This page begins anew too often.'));
  }

  /** The whole frame once its last piece is there; undefined while it is not, or when it is not to be read. */
  function gather(piece: FramePiece): GatheredFrame | undefined {
    const { seq, isKey, isLast, data } = piece;
    if (seq < nextSeq) {
      countRefused(counters, 'doubled');
      return undefined;
    }
    const isExpected = gathered ? seq === gathered.seq && isKey === gathered.isKey : seq === nextSeq;
    if (!isExpected || (awaitsKey && !isKey)) {
      const isGap = !isExpected && !awaitsKey;
      countRefused(counters, isGap ? 'gap' : 'awaiting-key');
      awaitsKey = true;
      gathered = undefined;
      keys.want('repair');
      if (!isKey) {
        nextSeq = isLast ? seq + 1 : seq;
        return undefined;
      }
    }
    gathered ??= { seq, isKey, pieces: [], bytes: 0 };
    gathered.pieces.push(data);
    gathered.bytes += data.byteLength;
    nextSeq = seq;
    if (gathered.bytes > (isKey ? limits.maxKeyBytes : limits.maxDeltaBytes)) {
      failTooLarge();
    }
    if (!isLast) return undefined;
    const frame = gathered;
    gathered = undefined;
    nextSeq = seq + 1;
    if (isKey) awaitsKey = false;
    return frame;
  }

  function handleBroken(cause: RefusalCause, keyAfterMs?: number): void {
    countRefused(counters, cause);
    isBroken = true;
    keys.want('repair', keyAfterMs);
  }

  async function process(frame: GatheredFrame): Promise<void> {
    const { seq, isKey } = frame;
    const begunIn = generation;
    const isOver = (): boolean => isClosed || generation !== begunIn;
    if (isOver()) return;
    if (isBroken && !isKey) return countRefused(counters, 'awaiting-key');
    const waitMs = budget.findWaitMs();
    if (waitMs > 0) return handleBroken('too-busy', waitMs);
    const maxBytes = isKey ? limits.maxKeyBytes : limits.maxDeltaBytes;
    const text = await inflater.inflate(frame.pieces, isKey, maxBytes);
    if (isOver()) return;
    if (typeof text !== 'string') {
      if (text.fault === 'too-large') failTooLarge();
      return handleBroken('undecodable');
    }
    const clean = budget.run(() => (isTooHeavy(text, limits) ? 'too-heavy' : cleaner.clean(text, isKey)));
    if (budget.isHopeless()) return parts.onHopeless();
    if (clean === 'too-heavy') failTooLarge();
    if (!clean) return handleBroken('not-a-frame');
    const pieces = await deflater.deflate(clean.events, isKey);
    if (isOver() || !pieces) return;
    isBroken = false;
    counters.frames += 1;
    if (isKey) {
      counters.keyFrames += 1;
      keys.handleKey();
    }
    counters.unknownNodes += clean.unknownNodes;
    counters.droppedEvents += clean.droppedEvents;
    const kept: KeptFrame = { seq, isKey, pieces, bytes: pieces.reduce((sum, piece) => sum + piece.length, 0) };
    cache.add(kept, clean.events.length, now());
    parts.onFrame(kept, clean.events);
    watchTail();
  }

  function watchTail(): void {
    const { frames, tailBytes, keyAt, keptBytes } = cache;
    if (keptBytes > limits.maxKeptBytes) {
      stream.forget();
      return keys.want('repair');
    }
    const isLong = frames.length > limits.tailFrames || tailBytes > limits.tailBytes;
    if (isLong || (frames.length > 1 && now() - keyAt > limits.tailMs)) keys.want('refresh');
  }

  const stream: TabStream = {
    tabId: parts.tab.tabId,
    epoch: parts.tab.epoch,
    scopeNumber: parts.scopeNumber,
    socketId: parts.socketId,
    cache,
    tab: parts.tab,
    isWanted: true,
    async take(piece) {
      if (isClosed) throw shareFaults.staleStream();
      checkLimits(piece);
      if (!stream.isWanted) {
        countRefused(counters, 'unwanted');
        // What was sent before the page heard of it.
        nextSeq = Math.max(nextSeq, piece.isLast ? piece.seq + 1 : piece.seq);
        return;
      }
      const frame = gather(piece);
      if (!frame) return;
      const begunIn = generation;
      const done = queue.then(() => (generation === begunIn ? process(frame) : undefined));
      queue = done.catch(() => undefined);
      await done;
    },
    wantKey: (reason) => keys.want(reason),
    forget() {
      generation += 1;
      gathered = undefined;
      awaitsKey = true;
      isBroken = true;
      cache.wipe();
      cleaner.forget();
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      stream.forget();
      inflater.close();
      deflater.close();
      keys.close();
    },
  };
  return stream;
}
