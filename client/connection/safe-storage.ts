/** What the browser keeps for us between page loads. Never throws. */
export interface KeyValueStorage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
  /** Hears when another page of this browser has changed it; returns how to stop. */
  onChanged(key: string, handler: () => void): () => void;
}

/**
 * The browser's storage made safe: blocked storage, private mode and a full quota fall back to memory, so whatever was
 * set is there at least until the page goes.
 */
export function openStorage(kind: 'local' | 'session'): KeyValueStorage {
  return createSafeStorage(findBrowserStorage(kind));
}

export function createSafeStorage(browserStorage: Storage | undefined): KeyValueStorage {
  // Holds only what the browser would not take (null: a removal it would not do).
  const overlay = new Map<string, string | null>();

  return {
    get(key) {
      const held = overlay.get(key);
      if (held !== undefined) return held;
      try {
        return browserStorage?.getItem(key) ?? null;
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (browserStorage === undefined) throw new Error('no storage');
        browserStorage.setItem(key, value);
        overlay.delete(key);
      } catch {
        overlay.set(key, value);
      }
    },
    remove(key) {
      try {
        browserStorage?.removeItem(key);
        overlay.delete(key);
      } catch {
        overlay.set(key, null);
      }
    },
    keys(prefix) {
      const found = new Set<string>();
      try {
        for (let index = 0; index < (browserStorage?.length ?? 0); index += 1) {
          const key = browserStorage?.key(index);
          if (key?.startsWith(prefix)) found.add(key);
        }
      } catch {
        // Blocked in between: what memory holds still counts.
      }
      for (const [key, value] of overlay) {
        if (!key.startsWith(prefix)) continue;
        if (value === null) found.delete(key);
        else found.add(key);
      }
      return [...found];
    },
    onChanged(key, handler) {
      const hear = (event: StorageEvent) => {
        // Without a key everything was cleared.
        if (event.storageArea === browserStorage && (event.key === key || event.key === null)) handler();
      };
      // Tests run outside of a browser.
      globalThis.addEventListener?.('storage', hear);
      return () => globalThis.removeEventListener?.('storage', hear);
    },
  };
}

/** Even touching `localStorage` throws where cookies are blocked, as in a third-party frame. */
function findBrowserStorage(kind: 'local' | 'session'): Storage | undefined {
  try {
    return kind === 'local' ? globalThis.localStorage : globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
