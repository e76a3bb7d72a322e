/**
 * What an agent has typed as an address, seen from the visitor's page: a path, an address without its scheme, or a whole
 * one. Null for what is none that pages are opened by.
 */
export function toWebAddress(typed: string, pageUrl: string): string | null {
  const text = typed.trim();
  if (text === '') return null;
  // "basket.html" is a page of this site and no host.
  const isFile = /^[\w-]+\.(?:html?|php|aspx?|jsp)(?:[?#]|$)/i.test(text);
  const isHost = !isFile && /^[\w-]+(\.[\w-]+)+([:/?#]|$)/.test(text);
  const address = isHost ? `https://${text}` : text;
  if (!URL.canParse(address, pageUrl)) return null;
  const url = new URL(address, pageUrl);
  return /^https?:$/.test(url.protocol) && url.href.length <= 2_048 ? url.href : null;
}
