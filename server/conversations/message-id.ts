import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import type { MessageId } from '../../protocol/ids.ts';

const BYTES_PER_ID = 16;
const IDS_PER_FILLING = 256;

const pool = Buffer.alloc(BYTES_PER_ID * IDS_PER_FILLING);
let used = pool.length;

/** A UUID v7. Asking the system for randomness takes longer than the rest of a message's row, so it is asked in bulk. */
export function newMessageId(): MessageId {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += BYTES_PER_ID));
  return v7({ random }) as MessageId;
}
