/** One cleaned frame as it goes to every viewer. */
export interface KeptFrame {
  seq: number;
  isKey: boolean;
  pieces: readonly Buffer[];
  /** Packed. */
  bytes: number;
}

/** The last key frame of one stream and what followed: what somebody who comes now must have. */
export interface FrameCache {
  /** Grows with each key frame: a viewer's place in an older run is lost. */
  readonly run: number;
  readonly frames: readonly KeptFrame[];
  readonly keptBytes: number;
  /** Of what follows the key frame: unpacked bytes, and when it came. */
  readonly tailBytes: number;
  readonly keyAt: number;
  add(frame: KeptFrame, unpackedBytes: number, at: number): void;
  /** Also overwrites the bytes: no dump of the memory finds them. */
  wipe(): void;
}

export function createFrameCache(): FrameCache {
  let run = 0;
  let frames: KeptFrame[] = [];
  let keptBytes = 0;
  let tailBytes = 0;
  let keyAt = 0;
  return {
    get run() {
      return run;
    },
    get frames() {
      return frames;
    },
    get keptBytes() {
      return keptBytes;
    },
    get tailBytes() {
      return tailBytes;
    },
    get keyAt() {
      return keyAt;
    },
    add(frame, unpackedBytes, at) {
      if (frame.isKey) {
        run += 1;
        frames = [];
        keptBytes = 0;
        tailBytes = 0;
        keyAt = at;
      } else tailBytes += unpackedBytes;
      frames.push(frame);
      keptBytes += frame.bytes;
    },
    wipe() {
      for (const { pieces } of frames) for (const piece of pieces) piece.fill(0);
      run += 1;
      frames = [];
      keptBytes = 0;
      tailBytes = 0;
    },
  };
}
