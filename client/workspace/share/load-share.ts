type ShareModule = typeof import('./share-module.ts');

let loading: Promise<ShareModule> | undefined;

/** Brings the code that shows a shared page, as a chunk of its own. A failed load is tried again. */
export function loadShare(): Promise<ShareModule> {
  if (loading === undefined) {
    loading = import('./share-module.ts');
    loading.catch(() => (loading = undefined));
  }
  return loading;
}
