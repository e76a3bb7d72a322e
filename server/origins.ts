import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser page may open a connection here (SE4): pages of this server always, others only when the site
 * allows their origin. Programs without an Origin header are no browser and carry nobody's cookies unasked.
 */
export function isOriginAllowed(
  headers: IncomingHttpHeaders,
  publicUrl: string | null,
  alsoAllowed: readonly string[] = [],
): boolean {
  const { origin } = headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { origin: normal, host } = new URL(origin);
  if (publicUrl !== null && normal === new URL(publicUrl).origin) return true;
  return host === headers.host || alsoAllowed.includes(normal);
}

/** An http or https address of a host and nothing more; a wildcard is no host. */
export function isOrigin(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.pathname === '/' &&
    !value.includes('?') &&
    !value.includes('#') &&
    !value.includes('@') &&
    !url.hostname.includes('*')
  );
}
