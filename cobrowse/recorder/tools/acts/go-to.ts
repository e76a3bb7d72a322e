import { refuse } from './act-target.ts';

/** What the newer browsers tell: how far the history of this site reaches, without what was visited before it. */
interface SiteHistory {
  canGoBack: boolean;
  canGoForward: boolean;
}

/** Checks it; the page goes away when the result is called. @throws {RefusedAct} */
export function prepareNavigation(to: 'back' | 'forward' | 'reload'): () => void {
  if (to === 'reload') return () => location.reload();
  const site = (window as { navigation?: SiteHistory }).navigation;
  if (site && !(to === 'back' ? site.canGoBack : site.canGoForward)) refuse('not-possible');
  if (history.length < 2) refuse('not-possible');
  return () => (to === 'back' ? history.back() : history.forward());
}

/** Only after the visitor has said yes to this very address; that is asked in the widget. */
export function prepareOpening(address: string): () => void {
  const url = URL.canParse(address) ? new URL(address) : refuse('not-possible');
  if (!/^https?:$/.test(url.protocol)) refuse('not-possible');
  return () => location.assign(url.href);
}
