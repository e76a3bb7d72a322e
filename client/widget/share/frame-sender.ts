import type { Clock } from '../../connection/clock.ts';

/** As `protocol/sharing.ts` says; pages take only types from there. */
const MAX_PIECE_BYTES = 64_000;
/** What is with the socket at once. The rest waits here, where it can still be thrown away. */
const WINDOW_BYTES = 256_000;
/** More than this, or older than that, is no live picture any more: it is dropped for a fresh key frame. */
const MAX_WAITING_BYTES = 512_000;
const MAX_WAITING_MS = 5_000;

export interface FramePiece {
  seq: number;
  isKey: boolean;
  isLast: boolean;
  data: Uint8Array<ArrayBuffer>;
}

export interface FrameSenderOptions {
  clock: Clock;
  /** Resolves once the server has taken the piece. */
  send(piece: FramePiece): Promise<unknown>;
  /** The line is full: frames are ignored from here on until a key frame comes. */
  onFull(): void;
  /** Everything has arrived after the line was full: a key frame is in place now. */
  onDrained(): void;
  /** A piece was refused or lost. This sender does nothing more. */
  onFailed(reason: unknown): void;
}

export interface FrameSender {
  add(frame: { isKey: boolean; data: Uint8Array<ArrayBuffer> }): void;
  /** Bytes that the server has not confirmed. */
  unconfirmedBytes(): number;
  isFull(): boolean;
  close(): void;
}

interface Frame {
  isKey: boolean;
  data: Uint8Array<ArrayBuffer>;
  addedAt: number;
  seq: number;
  sentBytes: number;
  confirmedBytes: number;
}

/** Sends the frames of one epoch in order, many at once, and rather starts afresh than falls behind. */
export function createFrameSender({ clock, send, onFull, onDrained, onFailed }: FrameSenderOptions): FrameSender {
  /** Not wholly confirmed, oldest first. Those not begun yet are at the end and have no number. */
  let frames: Frame[] = [];
  let nextSeq = 0;
  let inFlightBytes = 0;
  let isFull = false;
  let isClosed = false;
  let keyConfirmedAt = 0;
  let stopWatching: () => void = () => undefined;

  function pump(): void {
    for (const frame of frames) {
      while (frame.sentBytes < frame.data.byteLength) {
        if (isClosed || inFlightBytes >= WINDOW_BYTES) return;
        sendPiece(frame);
      }
    }
  }

  function sendPiece(frame: Frame): void {
    if (frame.sentBytes === 0) {
      frame.seq = nextSeq;
      nextSeq += 1;
    }
    const data = frame.data.subarray(frame.sentBytes, frame.sentBytes + MAX_PIECE_BYTES);
    frame.sentBytes += data.byteLength;
    inFlightBytes += data.byteLength;
    const isLast = frame.sentBytes === frame.data.byteLength;
    send({ seq: frame.seq, isKey: frame.isKey, isLast, data }).then(
      () => handleConfirmed(frame, data.byteLength),
      (reason: unknown) => {
        if (isClosed) return;
        close();
        onFailed(reason);
      },
    );
  }

  function handleConfirmed(frame: Frame, byteCount: number): void {
    if (isClosed) return;
    inFlightBytes -= byteCount;
    frame.confirmedBytes += byteCount;
    if (frame.confirmedBytes === frame.data.byteLength) {
      if (frame.isKey) keyConfirmedAt = clock.now();
      frames = frames.filter((other) => other !== frame);
    }
    pump();
    watchAge();
    if (isFull && frames.length === 0) onDrained();
  }

  /** A key frame takes the time it takes; what follows it must not. */
  function watchAge(): void {
    stopWatching();
    const oldest = frames.find(({ isKey }) => !isKey);
    const isKeyOnItsWay = frames.some(({ isKey }) => isKey);
    if (isFull || oldest === undefined || isKeyOnItsWay) return;
    const sinceMs = clock.now() - Math.max(oldest.addedAt, keyConfirmedAt);
    stopWatching = clock.after(Math.max(0, MAX_WAITING_MS - sinceMs), declareFull);
  }

  function declareFull(): void {
    isFull = true;
    stopWatching();
    // What has been begun is finished: half a frame would be a torn one at the other end.
    frames = frames.filter(({ sentBytes }) => sentBytes > 0);
    onFull();
    if (frames.length === 0) onDrained();
  }

  function waitingBytes(): number {
    return frames.reduce(
      (sum, { isKey, data, confirmedBytes }) => sum + (isKey ? 0 : data.byteLength - confirmedBytes),
      0,
    );
  }

  function close(): void {
    isClosed = true;
    stopWatching();
    frames = [];
  }

  return {
    add({ isKey, data }) {
      if (isClosed || (isFull && !isKey) || data.byteLength === 0) return;
      // Whatever waits before a key frame is worth nothing beside it.
      if (isKey) frames = frames.filter(({ sentBytes }) => sentBytes > 0);
      isFull = false;
      frames.push({ isKey, data, addedAt: clock.now(), seq: -1, sentBytes: 0, confirmedBytes: 0 });
      if (waitingBytes() > MAX_WAITING_BYTES) declareFull();
      pump();
      watchAge();
    },
    unconfirmedBytes: () => frames.reduce((sum, { data, confirmedBytes }) => sum + data.byteLength - confirmedBytes, 0),
    isFull: () => isFull,
    close,
  };
}
