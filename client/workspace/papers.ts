import type { AgentId } from '../../protocol/ids.ts';
import { readOutboxMessage } from '../connection/outbox.ts';
import type { KeyValueStorage } from '../connection/safe-storage.ts';
import { DRAFT_PREFIX, OUTBOX_PREFIX } from '../connection/unsent-words.ts';
import { readDraft } from '../ui/conversation/draft.ts';

const PREFIX = 'foyer.workspace.papers:';

/** A text that its agent has written and the server does not have. */
export interface UnsentText {
  conversationId: string;
  text: string;
}

/** What one agent has written in this browser and not sent yet. */
export interface Papers {
  /** Where drafts and outbox are kept: apart from those of other agents, and of visitors on the same server. */
  readonly storage: KeyValueStorage;
  listUnsent(): UnsentText[];
  /** Nothing that this agent wrote stays readable here. */
  destroy(): void;
}

/**
 * Lays an agent's papers on the desk. They outlive a session that expired, for the same agent to go on; whatever
 * another one left in this browser goes now.
 */
export function openPapers(browserStorage: KeyValueStorage, agentId: AgentId): Papers {
  const ownPrefix = `${PREFIX}${agentId}:`;
  for (const key of browserStorage.keys(PREFIX)) {
    if (!key.startsWith(ownPrefix)) browserStorage.remove(key);
  }
  const storage: KeyValueStorage = {
    get: (key) => browserStorage.get(ownPrefix + key),
    set: (key, value) => browserStorage.set(ownPrefix + key, value),
    remove: (key) => browserStorage.remove(ownPrefix + key),
    onChanged: (key, handler) => browserStorage.onChanged(ownPrefix + key, handler),
    keys: (prefix) => browserStorage.keys(ownPrefix + prefix).map((key) => key.slice(ownPrefix.length)),
  };
  return {
    storage,
    listUnsent: () =>
      [...listUnsentMessages(storage), ...listDrafts(storage)].map(({ conversationId, text }) => ({
        conversationId,
        text,
      })),
    destroy() {
      for (const key of browserStorage.keys(ownPrefix)) browserStorage.remove(key);
    },
  };
}

/** What the server does not have yet, of all conversations. */
function listUnsentMessages(storage: KeyValueStorage): UnsentText[] {
  return storage
    .keys(OUTBOX_PREFIX)
    .flatMap((key) => readOutboxMessage(storage.get(key)) ?? [])
    .sort((a, b) => a.writtenAt - b.writtenAt);
}

function listDrafts(storage: KeyValueStorage): UnsentText[] {
  return storage
    .keys(DRAFT_PREFIX)
    .map((key) => ({ conversationId: key.slice(DRAFT_PREFIX.length), text: readDraft(storage.get(key))?.text ?? '' }))
    .filter(({ text }) => text.trim().length > 0);
}
