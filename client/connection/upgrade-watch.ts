import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { reloadOutdatedPage } from './outdated-page.ts';

const outdated = signal(false);

/** The server gives out another build than this page is of: parts that this page has not loaded yet are gone. */
export const isPageOutdated: ReadonlySignal<boolean> = outdated;

/**
 * Hears when a part of this page cannot be loaded, and finds out whether the server was upgraded. Then the page loads
 * itself anew as soon as nothing would be lost by it; where it may not, such as twice in a row, `isPageOutdated` gives
 * the right sentence. Lasts as long as the page.
 */
export function watchForUpgrade(mayReload: () => boolean): void {
  const judge = async () => {
    if (await findReplaced()) outdated.value = true;
  };
  // Told by the build's own loader, before whoever asked for the part hears that it failed.
  addEventListener('vite:preloadError', judge);
  effect(() => {
    if (outdated.value && mayReload()) reloadOutdatedPage();
  });
}

/** For "Try again": the missing part is asked for anew, or the whole page where that part does not exist any more. */
export function retryOrReload(retry: () => void): void {
  if (outdated.peek()) location.reload();
  else retry();
}

/** Each build names the script that a page begins with by its content. */
async function findReplaced(): Promise<boolean> {
  const entry = document.querySelector('script[type=module]')?.getAttribute('src');
  if (!entry) return false;
  try {
    const response = await fetch(location.href, { cache: 'no-store' });
    return response.ok && !(await response.text()).includes(entry);
  } catch {
    return false;
  }
}
