import type { KeyValueStorage } from '../../connection/safe-storage.ts';

const PREFIX = 'foyer:draft:';

/** What was written in a conversation and not sent, kept over reloads and changes of conversation. */
export interface Draft {
  read(): string;
  write(text: string): void;
}

export function createDraft(storage: KeyValueStorage, conversationId: string): Draft {
  const key = PREFIX + conversationId;
  return {
    read: () => storage.get(key) ?? '',
    write(text) {
      if (text.length === 0) storage.remove(key);
      else storage.set(key, text);
    },
  };
}

/** The drafts of all conversations. */
export function listDrafts(storage: KeyValueStorage): { conversationId: string; text: string }[] {
  return storage
    .keys(PREFIX)
    .map((key) => ({ conversationId: key.slice(PREFIX.length), text: storage.get(key) ?? '' }))
    .filter(({ text }) => text.trim().length > 0);
}
