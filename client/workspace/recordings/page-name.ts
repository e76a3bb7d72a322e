import type { SharedTab } from '../../../protocol/sharing.ts';

/** What a page calls itself, or where it is. */
export function toPageName({ title, url }: Pick<SharedTab, 'title' | 'url'>): string {
  if (title.trim() !== '') return title.trim();
  return URL.canParse(url) ? new URL(url).pathname : url;
}
