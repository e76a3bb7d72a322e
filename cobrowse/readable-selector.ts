/**
 * Browsers close at the end what a selector left open: `[a="b` is read as `[a="b"]`. Joined with others it would swallow
 * them, so a selector that one of these still completes counts as unreadable.
 */
const CLOSERS = [')', ']', '"', "'", '"]', "']", '")', "')", '*/'];

/**
 * Browsers forgive what they cannot read within `:is()`, and what is no element matches nothing: either would hide
 * nothing without a word. Within `:not()` nothing is forgiven.
 */
const FORGIVING = /:(?:is|where|matches|(?:-webkit-|-moz-)?any)\(/gi;

/** The first of these that cannot be relied upon; undefined when all can. */
export function findUnreadable(selectors: readonly string[], doc: Document): string | undefined {
  const sample = doc.createDocumentFragment();
  const canRead = (selector: string): boolean => {
    try {
      sample.querySelector(selector);
      sample.querySelector(`:not(${selector.replace(FORGIVING, ':not(')})`);
      return true;
    } catch {
      return false;
    }
  };
  return selectors.find(
    (selector) => !canRead(selector) || selector.endsWith('\\') || CLOSERS.some((closer) => canRead(selector + closer)),
  );
}
