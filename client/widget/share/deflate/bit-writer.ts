/** Bits as RFC 1951 packs them: each byte is filled from its low end. */
export interface BitWriter {
  /** The low `count` bits (at most 16) of `bits`, lowest first. */
  write(bits: number, count: number): void;
  /** Fills up to the next whole byte. */
  align(): void;
  /** Whole bytes so far; the writer is empty afterwards. Only after `align`. */
  take(): Uint8Array<ArrayBuffer>;
}

export function createBitWriter(): BitWriter {
  let bytes = new Uint8Array(4_096);
  let length = 0;
  let held = 0;
  let heldCount = 0;

  function put(byte: number): void {
    if (length === bytes.length) {
      const larger = new Uint8Array(length * 2);
      larger.set(bytes);
      bytes = larger;
    }
    bytes[length] = byte;
    length += 1;
  }

  return {
    write(bits, count) {
      held |= bits << heldCount;
      heldCount += count;
      while (heldCount >= 8) {
        put(held & 0xff);
        held >>>= 8;
        heldCount -= 8;
      }
    },
    align() {
      if (heldCount > 0) put(held & 0xff);
      held = 0;
      heldCount = 0;
    },
    take() {
      const taken = bytes.slice(0, length);
      length = 0;
      return taken;
    },
  };
}
