export type CallModule = typeof import('./call-module.ts');

let loading: Promise<CallModule> | undefined;

/**
 * Brings the code of calls (session, media library, panel) as a chunk of its own. Asked for as soon as a call is near,
 * such as when it rings or voice was chosen, so that "Accept" does not wait for it. A failed load is tried again.
 */
export function loadCall(): Promise<CallModule> {
  if (loading === undefined) {
    loading = import('./call-module.ts');
    loading.catch(() => (loading = undefined));
  }
  return loading;
}

/** Gets everything ready for a call that may come, and does not mind when it fails; whoever needs it asks again. */
export function preloadCall(): void {
  loadCall().then(
    ({ warmUp }) => warmUp(),
    () => {},
  );
}
