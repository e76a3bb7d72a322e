export interface PageWatch {
  /** The page is looked at again, or the browser says that the network is back. */
  onWake(): void;
  onNetworkLost(): void;
}

/** Tells what the browser knows about this page's life; does nothing outside of one. */
export function watchPage({ onWake, onNetworkLost }: PageWatch): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => undefined;
  const handleVisibility = () => {
    if (document.visibilityState === 'visible') onWake();
  };
  const ending = new AbortController();
  const { signal } = ending;
  window.addEventListener('online', onWake, { signal });
  window.addEventListener('offline', onNetworkLost, { signal });
  // Back from the browser's page cache, where sockets do not survive.
  window.addEventListener('pageshow', onWake, { signal });
  document.addEventListener('visibilitychange', handleVisibility, { signal });
  return () => ending.abort();
}

export function isBrowserOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}
