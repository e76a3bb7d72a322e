const MAX_SHOWN = 99;

/** The title with the unread count before it: "(3) Live help". */
export function toBadgedTitle(title: string, unreadCount: number): string {
  const bare = title.replace(/^\(\d+\+?\) /, '');
  if (unreadCount <= 0) return bare;
  return `(${unreadCount > MAX_SHOWN ? `${MAX_SHOWN}+` : unreadCount}) ${bare}`;
}

/** Shows the unread count in the tab, and on the app's icon where the page is installed. */
export function showTitleBadge(unreadCount: number): void {
  document.title = toBadgedTitle(document.title, unreadCount);
  if (!('setAppBadge' in navigator)) return;
  const shown = unreadCount > 0 ? navigator.setAppBadge(unreadCount) : navigator.clearAppBadge();
  // Refused in frames and where the page is not installed: the title says it anyway.
  shown.catch(() => undefined);
}
