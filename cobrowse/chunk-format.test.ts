import { expect, test } from 'vitest';
import { decodeChunk, encodeChunk, readDrawing, toDrawingBytes } from './chunk-format.ts';

const frames = [
  { seq: 0, at: 1_700_000_000_123, isKey: true, isActive: true, data: Uint8Array.of(1, 2, 3) },
  { seq: 1, at: 1_700_000_000_456, isKey: false, isActive: false, data: Uint8Array.of(9) },
  { seq: 4_000_000_000, at: 1_700_000_001_000, isKey: false, isActive: true, data: new Uint8Array(70_000).fill(7) },
];

test('[SH22] frames come out of a chunk as they went in', () => {
  expect(decodeChunk(encodeChunk(frames))).toEqual(frames);
  expect(decodeChunk(encodeChunk([]))).toEqual([]);
});

test('[SH22] a chunk that is cut off or damaged gives what comes before the damage', () => {
  const whole = encodeChunk(frames);
  expect(decodeChunk(whole.subarray(0, whole.length - 1))).toEqual(frames.slice(0, 2));
  expect(decodeChunk(whole.subarray(0, 10))).toEqual([]);
  const damaged = whole.slice();
  new DataView(damaged.buffer).setUint32(20, 0xffff_ffff, true);
  expect(decodeChunk(damaged)).toEqual(frames.slice(0, 1));
  expect(decodeChunk(new Uint8Array(500))).toEqual([]);
});

test('[SH51] a drawing comes out of a chunk as it went in, and a damaged one is none', () => {
  const drawing = { name: 'Ada Lind', marks: [{ kind: 'highlight' as const, nodeId: 7 }] };
  const data = toDrawingBytes(drawing);
  const kept = { seq: 1, at: 1_700_000_000_500, isKey: false, isActive: true, isDrawing: true, data };
  const [, , found] = decodeChunk(encodeChunk([...frames.slice(0, 2), kept]));
  expect(found).toEqual(kept);
  expect(readDrawing(found?.data ?? new Uint8Array())).toEqual(drawing);
  expect(readDrawing(data.subarray(1))).toBeUndefined();
});
