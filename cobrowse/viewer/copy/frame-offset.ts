/** Where the content of the frame that a node is in begins, in the window of the page. */
export function frameOffset(node: Node, page: Document): { x: number; y: number } {
  let [x, y] = [0, 0];
  let document = node.nodeType === 9 ? (node as Document) : node.ownerDocument;
  for (let depth = 0; document !== null && document !== page && depth < 20; depth += 1) {
    const frame: Element | null = document.defaultView?.frameElement ?? null;
    if (frame === null) break;
    const box = frame.getBoundingClientRect();
    x += box.left + frame.clientLeft;
    y += box.top + frame.clientTop;
    document = frame.ownerDocument;
  }
  return { x, y };
}
