/**
 * Gives the other document this one's style sheets, also those that come later along with code. Resolves once all that
 * are there now can be seen; a sheet that cannot be loaded is no reason to wait.
 */
export async function copyStyles(from: Document, to: Document): Promise<() => void> {
  const copied = new Set<Node>();

  function copyMissing(): Promise<unknown> {
    const missing = [...from.head.querySelectorAll('link[rel="stylesheet"], style')].filter(
      (node) => !copied.has(node),
    );
    return Promise.all(
      missing.map((node) => {
        copied.add(node);
        const address = node.getAttribute('href');
        const isThere = address !== null && to.head.querySelector(`link[href="${CSS.escape(address)}"]`) !== null;
        return isThere ? undefined : append(node, to);
      }),
    );
  }

  const arrivals = new MutationObserver(() => void copyMissing());
  arrivals.observe(from.head, { childList: true });
  await copyMissing();
  return () => arrivals.disconnect();
}

function append(node: Node, to: Document): Promise<void> | undefined {
  const copy = to.importNode(node, true) as HTMLElement;
  if (!copy.hasAttribute('href')) {
    to.head.append(copy);
    return undefined;
  }
  return new Promise((resolve) => {
    copy.addEventListener('load', () => resolve());
    copy.addEventListener('error', () => resolve());
    to.head.append(copy);
  });
}
