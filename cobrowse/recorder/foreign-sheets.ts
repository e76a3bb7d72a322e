import { EventType, IncrementalSource } from '@rrweb/types';
import type { StreamEvent } from '../stream-events.ts';

const MAX_SHEET_LENGTH = 1_000_000;

/** Reads style sheets whose rules a page may apply but not read, where their origin lets anybody fetch them. */
export function createForeignSheets(send: (link: HTMLLinkElement, css: string) => void): {
  read(link: HTMLLinkElement): void;
  close(): void;
} {
  const abort = new AbortController();
  const load = async (link: HTMLLinkElement): Promise<void> => {
    const response = await fetch(link.href, { credentials: 'same-origin', cache: 'force-cache', signal: abort.signal });
    const css = response.ok ? await response.text() : '';
    if (css !== '' && css.length <= MAX_SHEET_LENGTH && !abort.signal.aborted)
      send(link, withAbsoluteAddresses(css, response.url));
  };
  return {
    read(link) {
      // Without CORS it stays unread; the page is then shown without it.
      if (/^https?:/.test(link.href)) load(link).catch(() => undefined);
    },
    close: () => abort.abort(),
  };
}

/** As the library tells of a sheet that has loaded, and of whatever else has changed at one element. */
export function toAttributeEvent(id: number, attributes: Record<string, string | Record<string, string>>): StreamEvent {
  return {
    type: EventType.IncrementalSnapshot,
    timestamp: Date.now(),
    data: {
      source: IncrementalSource.Mutation,
      texts: [],
      removes: [],
      adds: [],
      attributes: [{ id, attributes }],
    },
  };
}

function withAbsoluteAddresses(css: string, base: string): string {
  return css.replace(/url\(\s*(['"]?)(?!data:|#)([^'")]+)\1\s*\)/gi, (match, _quote, address: string) => {
    try {
      return `url("${new URL(address.trim(), base).href}")`;
    } catch {
      return match;
    }
  });
}
