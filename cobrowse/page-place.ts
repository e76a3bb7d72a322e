/** Which page of its site this is: the path, and with it the route of a site that keeps it in the fragment. */
export function toPlace({ pathname, hash }: { pathname: string; hash: string }): string {
  return pathname + (/^#!?\//.test(hash) ? hash : '');
}
