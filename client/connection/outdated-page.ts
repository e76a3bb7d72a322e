const RELOADED_AT_KEY = 'foyer:reloaded-at';
const RELOAD_PAUSE_MS = 3_600_000;

/**
 * Loads the page anew, because the server no longer speaks its version. At most once an hour: when a cache keeps giving
 * out the old page, a person can still read it.
 */
export function reloadOutdatedPage(reload: () => void = () => globalThis.location.reload()): void {
  try {
    const storage = globalThis.sessionStorage;
    const reloadedAt = Number(storage.getItem(RELOADED_AT_KEY) ?? 0);
    if (Date.now() - reloadedAt < RELOAD_PAUSE_MS) return;
    storage.setItem(RELOADED_AT_KEY, String(Date.now()));
  } catch {
    // Without a place to remember it, reloading could go on for ever.
    return;
  }
  reload();
}
