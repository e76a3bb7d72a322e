import { parentOf } from './composed-tree.ts';

/** Between the steps of a selector that leads into a shadow tree or a frame. */
const INTO = ' >>> ';
/** Attributes that people write for finding things again. */
const MADE_FOR_FINDING = ['data-testid', 'data-test-id', 'data-test', 'data-cy', 'data-qa'];
/** Names that frameworks count or draw: another one after each load. */
const LOOKS_MADE_UP =
  /\d{3,}|\d[a-z]+\d|[0-9a-f]{7,}|(?:^|[-_])(?=[a-z0-9]*\d)[a-z0-9]{9,}(?:$|[-_])|^(?:ember|radix|headlessui|react|mui|mat|cdk|ng|ext|yui|gwt|uid|svelte).*\d/i;
const PLAIN = /^[\p{L}\p{N}_.-]{1,80}$/u;

/**
 * Leads to this element alone, also after the page was loaded again. Each step holds within its own tree; ` >>> ` steps
 * into the shadow tree or the frame of what stands before it.
 */
export function toPartSelector(element: Element): string | undefined {
  const steps: string[] = [];
  for (let at: Element | null = element; at;) {
    const root = at.getRootNode() as Document | ShadowRoot;
    const step = toStep(at, root);
    if (step === undefined) return undefined;
    steps.unshift(step);
    at = parentOf(root);
  }
  return steps.join(INTO);
}

function toStep(element: Element, root: Document | ShadowRoot): string | undefined {
  const path: string[] = [];
  for (let at: Element | null = element; at; at = at.parentElement) {
    const anchor = findAnchor(at, root);
    const isTop = at.parentElement === null;
    // Without its beginning a path from the top of a shadow tree would be found further in as well.
    const start = isTop && root.nodeType !== 9 ? [':host', toPlace(at)] : [toPlace(at)];
    const selector = [...(anchor === undefined ? start : [anchor]), ...path].join(' > ');
    if ((anchor !== undefined || isTop) && isOnly(selector, element, root)) return selector;
    path.unshift(toPlace(at));
  }
  return undefined;
}

/** A short way to name this element that nothing else in its tree answers to. */
function findAnchor(element: Element, root: Document | ShadowRoot): string | undefined {
  const { localName, id } = element;
  const candidates: string[] = [];
  if (PLAIN.test(id) && !LOOKS_MADE_UP.test(id)) candidates.push(`#${CSS.escape(id)}`);
  for (const name of MADE_FOR_FINDING) {
    const value = element.getAttribute(name);
    if (value !== null && PLAIN.test(value) && !LOOKS_MADE_UP.test(value)) candidates.push(`[${name}="${value}"]`);
  }
  const name = element.getAttribute('name');
  if (name !== null && PLAIN.test(name) && !LOOKS_MADE_UP.test(name)) {
    candidates.push(`${CSS.escape(localName)}[name="${name}"]`);
  }
  if (localName === 'body' || localName === 'main') candidates.push(localName);
  return candidates.find((candidate) => isOnly(candidate, element, root));
}

function toPlace(element: Element): string {
  const siblings = element.parentNode ? Array.from(element.parentNode.children) : [];
  const alike = siblings.filter((sibling) => sibling.nodeName === element.nodeName);
  return `${CSS.escape(element.localName)}:nth-of-type(${alike.indexOf(element) + 1})`;
}

function isOnly(selector: string, element: Element, root: Document | ShadowRoot): boolean {
  const found = root.querySelectorAll(selector);
  return found.length === 1 && found[0] === element;
}
