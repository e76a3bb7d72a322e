/** Code lengths and codes of one alphabet; a symbol of length 0 does not occur. */
export interface HuffmanCode {
  lengths: Uint8Array;
  /** Bits in the order in which they are written. */
  codes: Uint16Array;
}

/** The shortest code for these frequencies with no code longer than `maxLength`. At least two symbols have a code. */
export function buildHuffmanCode(frequencies: Uint32Array, maxLength: number): HuffmanCode {
  const used: number[] = [];
  for (let symbol = 0; symbol < frequencies.length; symbol += 1) if (frequencies[symbol]! > 0) used.push(symbol);
  // Some readers refuse a code of a single symbol.
  for (let symbol = 0; used.length < 2; symbol += 1) if (!used.includes(symbol)) used.push(symbol);
  used.sort((a, b) => frequencies[a]! - frequencies[b]! || a - b);

  const counts = limitLengths(countLengths(used.map((symbol) => frequencies[symbol]!)), maxLength);
  const lengths = new Uint8Array(frequencies.length);
  let next = 0;
  // The rarest symbols get the longest codes.
  for (let length = maxLength; length > 0; length -= 1) {
    for (let count = counts[length] ?? 0; count > 0; count -= 1) {
      lengths[used[next]!] = length;
      next += 1;
    }
  }
  return { lengths, codes: toCodes(lengths) };
}

/** How many symbols have which length in a Huffman tree over these weights, which rise. */
function countLengths(weights: readonly number[]): number[] {
  const leafCount = weights.length;
  /** Nodes in the order in which they are made, their weights rise as well: two queues are enough. */
  const innerWeights: number[] = [];
  const parents = new Int32Array(leafCount * 2 - 1);
  let leaf = 0;
  let inner = 0;
  const takeLightest = () => {
    const isLeaf = leaf < leafCount && (inner >= innerWeights.length || weights[leaf]! <= innerWeights[inner]!);
    if (isLeaf) {
      leaf += 1;
      return { node: leaf - 1, weight: weights[leaf - 1]! };
    }
    inner += 1;
    return { node: leafCount + inner - 1, weight: innerWeights[inner - 1]! };
  };
  for (let made = 0; made < leafCount - 1; made += 1) {
    const [first, second] = [takeLightest(), takeLightest()];
    parents[first.node] = leafCount + made;
    parents[second.node] = leafCount + made;
    innerWeights.push(first.weight + second.weight);
  }
  const depths = new Uint8Array(parents.length);
  const counts: number[] = [];
  // A parent always comes after its children, the root last.
  for (let node = parents.length - 2; node >= 0; node -= 1) {
    const depth = depths[parents[node]!]! + 1;
    depths[node] = depth;
    if (node < leafCount) counts[depth] = (counts[depth] ?? 0) + 1;
  }
  return counts;
}

/** Shortens what is too long and makes room for it further up, so that the code stays complete. */
function limitLengths(counts: readonly (number | undefined)[], maxLength: number): number[] {
  const limited = Array.from({ length: maxLength + 1 }, (_, length) => counts[length] ?? 0);
  for (let length = maxLength + 1; length < counts.length; length += 1) limited[maxLength]! += counts[length] ?? 0;
  // In units of the longest code: the whole is 2^maxLength.
  let excess = -(2 ** maxLength);
  for (let length = 1; length <= maxLength; length += 1) excess += limited[length]! * 2 ** (maxLength - length);
  while (excess > 0) {
    let shorter = maxLength - 1;
    while (limited[shorter] === 0) shorter -= 1;
    // One symbol moves a step down and takes one of the longest beside it.
    limited[shorter]! -= 1;
    limited[shorter + 1]! += 2;
    limited[maxLength]! -= 1;
    excess -= 1;
  }
  return limited;
}

/** The canonical codes of RFC 1951, turned round because Huffman codes alone are written highest bit first. */
function toCodes(lengths: Uint8Array): Uint16Array {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]! += 1;
  counts[0] = 0;
  const nextCodes = new Uint16Array(16);
  for (let length = 1, code = 0; length < 16; length += 1) {
    code = (code + counts[length - 1]!) << 1;
    nextCodes[length] = code;
  }
  const codes = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol += 1) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    codes[symbol] = reverseBits(nextCodes[length]!, length);
    nextCodes[length]! += 1;
  }
  return codes;
}

function reverseBits(bits: number, count: number): number {
  let reversed = 0;
  for (let index = 0; index < count; index += 1) reversed |= ((bits >>> index) & 1) << (count - 1 - index);
  return reversed;
}
