import type { KeyValueStorage } from '../../connection/safe-storage.ts';
import { DRAFT_PREFIX } from '../../connection/unsent-words.ts';

/** What was begun longer ago is not going to be sent, and may lie on a machine that others use as well. */
const MAX_AGE_MS = 7 * 86_400_000;

/** What was written in a conversation and not sent, kept over reloads and changes of conversation. */
export interface Draft {
  read(): string;
  write(text: string): void;
}

export function createDraft(storage: KeyValueStorage, conversationId: string, now: () => number = Date.now): Draft {
  const key = DRAFT_PREFIX + conversationId;
  forgetOldDrafts(storage, now());
  return {
    read: () => readDraft(storage.get(key))?.text ?? '',
    write(text) {
      if (text.length === 0) storage.remove(key);
      else storage.set(key, JSON.stringify({ text, writtenAt: now() }));
    },
  };
}

function forgetOldDrafts(storage: KeyValueStorage, now: number): void {
  for (const key of storage.keys(DRAFT_PREFIX)) {
    const kept = readDraft(storage.get(key));
    if (kept === undefined) continue;
    if (kept.writtenAt === null) storage.set(key, JSON.stringify({ text: kept.text, writtenAt: now }));
    else if (now - kept.writtenAt > MAX_AGE_MS) storage.remove(key);
  }
}

/** An older version of this page kept the bare text. */
export function readDraft(stored: string | null): { text: string; writtenAt: number | null } | undefined {
  if (stored === null) return undefined;
  try {
    const { text, writtenAt } = JSON.parse(stored) as { text?: unknown; writtenAt?: unknown };
    if (typeof text === 'string' && typeof writtenAt === 'number') return { text, writtenAt };
  } catch {
    // Not ours to read: then it is the text itself.
  }
  return { text: stored, writtenAt: null };
}
