import type { ShareMark } from '../protocol/sharing.ts';

/** One frame of a recording as the relay passed it on: packed, and readable only after those since its key frame. */
export interface ChunkFrame {
  seq: number;
  /** When the server passed it on, in ms since 1970 UTC. */
  at: number;
  isKey: boolean;
  /** False for what a page says although nothing happens on it. */
  isActive: boolean;
  /**
   * Not of the page: what somebody pointed at or drew over it, see {@link toDrawingBytes}. It has the number of the
   * frame before it, so that who knows nothing of drawings takes it for a doubled one.
   */
  isDrawing?: boolean;
  data: Uint8Array;
}

/** What somebody pointed at or drew, and who. */
export interface Drawing {
  name: string;
  marks: readonly ShareMark[];
}

/** Before each frame: its length and its number (4 bytes each), its time (8) and its flags (1), little-endian. */
const HEAD_BYTES = 17;
const KEY = 1;
const ACTIVE = 2;
const DRAWING = 4;

/** Frames in a row as one piece of bytes, for the database and for the workspace that plays them. */
export function encodeChunk(frames: readonly ChunkFrame[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(frames.reduce((sum, { data }) => sum + HEAD_BYTES + data.byteLength, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const { seq, at, isKey, isActive, isDrawing, data } of frames) {
    view.setUint32(offset, data.byteLength, true);
    view.setUint32(offset + 4, seq, true);
    view.setFloat64(offset + 8, at, true);
    view.setUint8(offset + 16, (isKey ? KEY : 0) | (isActive ? ACTIVE : 0) | (isDrawing ? DRAWING : 0));
    bytes.set(data, offset + HEAD_BYTES);
    offset += HEAD_BYTES + data.byteLength;
  }
  return bytes;
}

/** The frames of a chunk; those after a damaged place are left out. */
export function decodeChunk(bytes: Uint8Array): ChunkFrame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: ChunkFrame[] = [];
  let offset = 0;
  while (offset + HEAD_BYTES <= bytes.byteLength) {
    const length = view.getUint32(offset, true);
    const at = view.getFloat64(offset + 8, true);
    const flags = view.getUint8(offset + 16);
    const end = offset + HEAD_BYTES + length;
    if (length === 0 || end > bytes.byteLength || !Number.isFinite(at)) break;
    frames.push({
      seq: view.getUint32(offset + 4, true),
      at,
      isKey: (flags & KEY) !== 0,
      isActive: (flags & ACTIVE) !== 0,
      ...((flags & DRAWING) !== 0 && { isDrawing: true }),
      data: bytes.subarray(offset + HEAD_BYTES, end),
    });
    offset = end;
  }
  return frames;
}

export function toDrawingBytes(drawing: Drawing): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(drawing));
}

/** Undefined when the bytes are damaged. */
export function readDrawing(bytes: Uint8Array): Drawing | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Drawing;
  } catch {
    return undefined;
  }
}
