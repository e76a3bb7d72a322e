import { expect, test } from 'vitest';
import { messageId } from '../../protocol/ids.ts';
import { newMessageId } from './message-id.ts';

test('[MS1] ids of messages are UUIDs that sort by birth, and no two are alike', () => {
  const before = Date.now();
  const ids = Array.from({ length: 2_000 }, newMessageId);
  const after = Date.now();
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(messageId.safeParse(id).success).toBe(true);
    expect(id[14]).toBe('7');
    const bornAt = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(bornAt).toBeGreaterThanOrEqual(before);
    expect(bornAt).toBeLessThanOrEqual(after);
  }
});
