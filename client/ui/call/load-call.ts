import type { CallSignalling } from '../../../media/browser/call-signalling.ts';
import type { RingingCall } from '../../../media/browser/prepared-calls.ts';

export type CallModule = typeof import('./call-module.ts');

let loading: Promise<CallModule> | undefined;
let loaded: CallModule | undefined;

/**
 * Brings the code of calls (session, media library, panel) as a chunk of its own. Asked for as soon as a call is near,
 * such as when it rings or voice was chosen, so that "Accept" does not wait for it. A failed load is tried again.
 */
export function loadCall(): Promise<CallModule> {
  if (loading === undefined) {
    loading = import('./call-module.ts');
    loading.then(
      (module) => (loaded = module),
      () => (loading = undefined),
    );
  }
  return loading;
}

/** The code of calls when it is there already, so that what shows a call need not wait for another turn. */
export function findLoadedCall(): CallModule | undefined {
  return loaded;
}

/**
 * Gets everything ready for a call that may come, and does not mind when it fails; whoever needs it asks again. Without
 * signalling only the code is brought, as long as nobody has said that they want to talk.
 */
export function preloadCall(signalling?: CallSignalling): void {
  loadCall().then(
    ({ warmUp }) => signalling && warmUp(signalling),
    () => {},
  );
}

/** Connects this page to the calls that ring here, so that a yes only has to let sound and picture flow. */
export function prepareRinging(signalling: CallSignalling, ringing: readonly RingingCall[]): void {
  if (ringing.length === 0 && loaded === undefined) return;
  loadCall().then(
    ({ keepPrepared }) => keepPrepared(signalling, ringing),
    () => {},
  );
}
