/** Where an agent may ask the visitor to go: the site of the shared page itself, and what its operator has listed. */
export function isOpenable(url: string, pageUrl: string, openableOrigins: readonly string[]): boolean {
  if (!URL.canParse(url) || !URL.canParse(pageUrl)) return false;
  const { origin, protocol } = new URL(url);
  // What has no site of its own is the same "null" everywhere.
  if (!/^https?:$/.test(protocol)) return false;
  return origin === new URL(pageUrl).origin || openableOrigins.includes(origin);
}
