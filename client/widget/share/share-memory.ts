import type { ChosenScope, PickedPart } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ShareId } from '../../../protocol/ids.ts';
import type { SharePauseReason, ShareScope } from '../../../protocol/sharing.ts';
import { createRandomId } from '../../connection/random-id.ts';
import type { KeyValueStorage } from '../../connection/safe-storage.ts';
import { isMeantBy, WHOLE_PAGE, type NamedScope } from './share-scope.ts';

/**
 * What this browser keeps of a share. Which elements are meant never leaves it, so a page that is loaded anew finds
 * them here. The server's word is what is shared; this only says which elements those words mean.
 */
export interface ShareMemory {
  /** Names this tab for as long as it is open. */
  readonly tabId: string;
  /** The elements that these words of the server mean; undefined when this tab cannot know. */
  findScope(shareId: ShareId, wire: ShareScope | null): ChosenScope | undefined;
  /** `isConfirmed` once the server has it. */
  keepScope(shareId: ShareId, chosen: NamedScope, isConfirmed: boolean): void;
  /** What was chosen in this tab and never reached the server, as when the page was left at that moment. */
  findUnconfirmed(shareId: ShareId): ChosenScope | undefined;
  /** Why this tab has paused the share by itself, until it goes on; survives a change of page. */
  findOwnPause(shareId: ShareId): SharePauseReason | null;
  keepOwnPause(shareId: ShareId, reason: SharePauseReason | null): void;
  /** A click on END counts from the click on, even where the server cannot be reached to hear of it. */
  hasEnded(shareId: ShareId): boolean;
  keepEnded(shareId: ShareId): void;
}

export function createShareMemory(
  tabId: string,
  siteKey: string,
  local: KeyValueStorage,
  tab: KeyValueStorage,
): ShareMemory {
  const key = (name: string) => `foyer:${name}:${siteKey}`;
  /** What this tab has kept itself: the browser may forget it while the tab is open. */
  const own = new Map<string, string>();
  const keepOwn = (name: string, text: string): void => {
    own.set(name, text);
    tab.set(key(name), text);
  };
  const findOwn = (name: string): string | null => tab.get(key(name)) ?? own.get(name) ?? null;
  return {
    tabId,
    findScope(shareId, wire) {
      const chosen = readEntry(findOwn('share-scope'), shareId);
      const others = readEntry(local.get(key('share-scope')), shareId);
      // Another tab's choice holds here as well, but for a part: that is something on its page.
      const known = [chosen, others?.scope.onlyPart === null ? others : undefined];
      // A tab that knows of no choice at all has the server's word, as long as that leaves nothing open.
      const whole = { scope: WHOLE_PAGE, choiceId: null };
      const candidates = chosen === undefined && others === undefined ? [whole] : known;
      return candidates.find((each) => each !== undefined && isMeantBy(wire, each))?.scope;
    },
    keepScope(shareId, chosen, isConfirmed) {
      const text = JSON.stringify({ shareId, ...chosen, isConfirmed });
      keepOwn('share-scope', text);
      local.set(key('share-scope'), text);
    },
    findUnconfirmed(shareId) {
      const entry = readEntry(findOwn('share-scope'), shareId);
      return entry?.isConfirmed === false ? entry.scope : undefined;
    },
    findOwnPause(shareId) {
      const [kept, reason] = (findOwn('share-paused') ?? '').split(' ');
      return kept === shareId && reason ? (reason as SharePauseReason) : null;
    },
    keepOwnPause: (shareId, reason) => keepOwn('share-paused', reason ? `${shareId} ${reason}` : ''),
    hasEnded: (shareId) => [own.get('share-ended'), local.get(key('share-ended'))].includes(shareId),
    keepEnded(shareId) {
      own.set('share-ended', shareId);
      local.set(key('share-ended'), shareId);
    },
  };
}

/**
 * A tab keeps its name over changes of page. A tab that was duplicated brings the name of the other one along: whoever
 * comes second, while the first is still open, takes another.
 */
export async function claimTabId(siteKey: string, tab: KeyValueStorage, locks?: LockManager): Promise<string> {
  const key = `foyer:share-tab:${siteKey}`;
  let tabId = tab.get(key) ?? createRandomId();
  if (locks !== undefined && !(await holdForEver(locks, tabId))) {
    tabId = createRandomId();
    await holdForEver(locks, tabId);
  }
  tab.set(key, tabId);
  return tabId;
}

/** The browser gives the lock back when the page is gone. */
function holdForEver(locks: LockManager, tabId: string): Promise<boolean> {
  return new Promise((resolve) => {
    locks
      .request(`foyer:tab:${tabId}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<never>(() => undefined);
      })
      .catch(() => resolve(true));
  });
}

function readEntry(text: string | null, shareId: ShareId): (NamedScope & { isConfirmed: boolean }) | undefined {
  if (text === null) return undefined;
  try {
    const kept = JSON.parse(text) as Partial<Record<'shareId' | 'choiceId' | 'isConfirmed', unknown>> & {
      scope?: { onlyPart?: unknown; hidden?: unknown };
    };
    if (kept.shareId !== shareId || !Array.isArray(kept.scope?.hidden) || !kept.scope.hidden.every(isPart)) {
      return undefined;
    }
    const { onlyPart, hidden } = kept.scope;
    if (onlyPart !== null && !isPart(onlyPart)) return undefined;
    const choiceId = typeof kept.choiceId === 'string' ? kept.choiceId : null;
    return { scope: { onlyPart, hidden }, choiceId, isConfirmed: kept.isConfirmed === true };
  } catch {
    return undefined;
  }
}

function isPart(value: unknown): value is PickedPart {
  if (typeof value !== 'object' || value === null) return false;
  const { path, selector, label } = value as Record<string, unknown>;
  return typeof path === 'string' && typeof selector === 'string' && typeof label === 'string';
}
