type PlaybackModule = typeof import('./playback-module.ts');

let loading: Promise<PlaybackModule> | undefined;

/** Brings the code that plays recordings, as a chunk of its own. A failed load is tried again. */
export function loadPlayback(): Promise<PlaybackModule> {
  if (loading === undefined) {
    loading = import('./playback-module.ts');
    loading.catch(() => (loading = undefined));
  }
  return loading;
}
