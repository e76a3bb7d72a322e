import type { BitWriter } from './bit-writer.ts';
import { buildHuffmanCode, type HuffmanCode } from './huffman.ts';

/** A literal is its byte; a match is `length << 16 | distance`, so it is never below 65,536. */
export type Token = number;

const END_OF_BLOCK = 256;
/** The order in which RFC 1951 writes the lengths of the code that the lengths are written in. */
const LENGTH_CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

interface Steps {
  /** Smallest value of each code, rising. */
  bases: number[];
  extraBits: number[];
}
const LENGTHS = toSteps(28, 4, 3);
LENGTHS.bases.push(258);
LENGTHS.extraBits.push(0);
const DISTANCES = toSteps(30, 2, 1);
const lengthCodes = toLookup(LENGTHS, 259);
const distanceCodes = toLookup(DISTANCES, 32_769);

/** The tables of RFC 1951: after the first 2 × `perStep` values, each `perStep` codes carry one bit more. */
function toSteps(count: number, perStep: number, first: number): Steps {
  const steps: Steps = { bases: [], extraBits: [] };
  for (let code = 0, base = first; code < count; code += 1) {
    const bits = Math.max(0, Math.floor(code / perStep) - 1);
    steps.bases.push(base);
    steps.extraBits.push(bits);
    base += 1 << bits;
  }
  return steps;
}

function toLookup({ bases }: Steps, size: number): Uint8Array {
  const codes = new Uint8Array(size);
  for (let value = bases[0]!, code = 0; value < size; value += 1) {
    while (code + 1 < bases.length && bases[code + 1]! <= value) code += 1;
    codes[value] = code;
  }
  return codes;
}

/** Writes these tokens as one block that is not the last, in a code made for them. */
export function writeBlock(writer: BitWriter, tokens: Uint32Array): void {
  const literalCounts = new Uint32Array(286);
  const distanceCounts = new Uint32Array(30);
  literalCounts[END_OF_BLOCK] = 1;
  for (const token of tokens) {
    if (token < 65_536) {
      literalCounts[token]! += 1;
    } else {
      literalCounts[257 + lengthCodes[token >>> 16]!]! += 1;
      distanceCounts[distanceCodes[token & 0xffff]!]! += 1;
    }
  }
  const literals = buildHuffmanCode(literalCounts, 15);
  const distances = buildHuffmanCode(distanceCounts, 15);
  writer.write(0b100, 3);
  writeCodes(writer, literals, distances);
  for (const token of tokens) {
    if (token < 65_536) {
      writer.write(literals.codes[token]!, literals.lengths[token]!);
      continue;
    }
    const [length, distance] = [token >>> 16, token & 0xffff];
    const lengthCode = lengthCodes[length]!;
    writer.write(literals.codes[257 + lengthCode]!, literals.lengths[257 + lengthCode]!);
    writer.write(length - LENGTHS.bases[lengthCode]!, LENGTHS.extraBits[lengthCode]!);
    const distanceCode = distanceCodes[distance]!;
    writer.write(distances.codes[distanceCode]!, distances.lengths[distanceCode]!);
    writer.write(distance - DISTANCES.bases[distanceCode]!, DISTANCES.extraBits[distanceCode]!);
  }
  writer.write(literals.codes[END_OF_BLOCK]!, literals.lengths[END_OF_BLOCK]!);
}

/** An empty stored block: everything before it can be read, and the next block begins at a byte. */
export function writeSyncMark(writer: BitWriter): void {
  writer.write(0b000, 3);
  writer.align();
  writer.write(0x0000, 16);
  writer.write(0xffff, 16);
}

/** Tells the two codes by their lengths, runs of which are shortened. */
function writeCodes(writer: BitWriter, literals: HuffmanCode, distances: HuffmanCode): void {
  const literalCount = countUsed(literals.lengths, 257);
  const distanceCount = countUsed(distances.lengths, 1);
  const runs = toRuns([...literals.lengths.subarray(0, literalCount), ...distances.lengths.subarray(0, distanceCount)]);
  const counts = new Uint32Array(19);
  for (const { symbol } of runs) counts[symbol]! += 1;
  const code = buildHuffmanCode(counts, 7);
  let codeCount = LENGTH_CODE_ORDER.length;
  while (codeCount > 4 && code.lengths[LENGTH_CODE_ORDER[codeCount - 1]!] === 0) codeCount -= 1;

  writer.write(literalCount - 257, 5);
  writer.write(distanceCount - 1, 5);
  writer.write(codeCount - 4, 4);
  for (const symbol of LENGTH_CODE_ORDER.slice(0, codeCount)) writer.write(code.lengths[symbol]!, 3);
  for (const { symbol, extra, extraBits } of runs) {
    writer.write(code.codes[symbol]!, code.lengths[symbol]!);
    writer.write(extra, extraBits);
  }
}

function countUsed(lengths: Uint8Array, atLeast: number): number {
  let count = lengths.length;
  while (count > atLeast && lengths[count - 1] === 0) count -= 1;
  return count;
}

interface Run {
  symbol: number;
  extra: number;
  extraBits: number;
}

/** 16 repeats the length before it 3 to 6 times; 17 and 18 are runs of zeros. */
function toRuns(lengths: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let index = 0; index < lengths.length;) {
    const length = lengths[index]!;
    let count = 1;
    while (index + count < lengths.length && lengths[index + count] === length) count += 1;
    index += count;
    if (length !== 0) {
      runs.push({ symbol: length, extra: 0, extraBits: 0 });
      count -= 1;
    }
    while (count >= 3) {
      const most = length === 0 ? 138 : 6;
      const taken = Math.min(count, most);
      if (length !== 0) runs.push({ symbol: 16, extra: taken - 3, extraBits: 2 });
      else if (taken <= 10) runs.push({ symbol: 17, extra: taken - 3, extraBits: 3 });
      else runs.push({ symbol: 18, extra: taken - 11, extraBits: 7 });
      count -= taken;
    }
    for (; count > 0; count -= 1) runs.push({ symbol: length, extra: 0, extraBits: 0 });
  }
  return runs;
}
