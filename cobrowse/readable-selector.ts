/**
 * Browsers close at the end what a selector left open: `[a="b` is read as `[a="b"]`. Joined with others it would swallow
 * them, so a selector that one of these still completes counts as unreadable.
 */
const CLOSERS = [')', ']', '"', "'", '"]', "']", '")', "')", '*/'];

/** The first of these that cannot be relied upon; undefined when all can. */
export function findUnreadable(selectors: readonly string[], doc: Document): string | undefined {
  const sample = doc.createDocumentFragment();
  const canRead = (selector: string): boolean => {
    try {
      sample.querySelector(selector);
      return true;
    } catch {
      return false;
    }
  };
  return selectors.find(
    (selector) => !canRead(selector) || selector.endsWith('\\') || CLOSERS.some((closer) => canRead(selector + closer)),
  );
}
