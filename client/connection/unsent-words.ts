import type { KeyValueStorage } from './safe-storage.ts';

/** Where this browser keeps what was written and not sent; the id of the conversation follows. */
export const DRAFT_PREFIX = 'foyer:draft:';
export const OUTBOX_PREFIX = 'foyer:outbox:';

export function forgetUnsentWords(storage: KeyValueStorage, conversationIds: readonly string[]): void {
  for (const prefix of [DRAFT_PREFIX, OUTBOX_PREFIX])
    for (const conversationId of conversationIds)
      for (const key of storage.keys(prefix + conversationId)) storage.remove(key);
}
