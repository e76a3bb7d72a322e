import type { OwnEvents } from '../stream-events.ts';
import { hasAttributeOf, tagOf } from '../untouched-dom.ts';
import { isChosen } from './egress-attributes.ts';
import { toSelected } from './egress-filter.ts';

const WITH_STATE = '[popover],input[type="checkbox" i],select,img';

type NodeState = Omit<OwnEvents['foyer:state'], 'nodeId'>;

export interface PageGapsOptions {
  doc: Document;
  /** That page, its frames and its shadow trees. */
  roots: Iterable<Document | ShadowRoot>;
  /** Its id if its content may be seen; undefined otherwise. */
  findShownId(node: Node): number | undefined;
  /** Of a computed style, what may be sent. */
  cleanValue(value: string): string;
  tell(state: OwnEvents['foyer:state']): void;
  /** Of its addresses another one is in use, and has come in. */
  tellPicture(nodeId: number, picture: HTMLImageElement): void;
}

/**
 * State of the page that neither its tree nor its attributes hold, so the recorder library does not carry it. Most of it
 * changes without any event: `scan` looks and tells what is new.
 */
export function createPageGaps({ doc, roots, findShownId, cleanValue, tell, tellPicture }: PageGapsOptions): {
  scan(): void;
  /** What is known of this element has to be told once more. */
  forget(element: Element): void;
  close(): void;
} {
  const known = new WeakMap<Element, string>();
  const addresses = new WeakMap<Element, string>();
  const life = new AbortController();
  let animated = new Set<Element>();

  const update = (element: Element, state: NodeState, isNews: boolean): void => {
    const summary = JSON.stringify(state);
    const before = known.get(element);
    if (before === summary || (before === undefined && !isNews)) return;
    const nodeId = findShownId(element);
    if (nodeId === undefined) return;
    known.set(element, summary);
    tell({ nodeId, ...state });
  };
  const updatePopover = (element: Element): void => {
    const isOpen = element.matches(':popover-open');
    update(element, { isPopoverOpen: isOpen }, isOpen);
  };
  const updateBox = (box: HTMLInputElement): void => {
    update(box, { isIndeterminate: box.indeterminate }, box.indeterminate);
  };
  const updateSelect = (select: HTMLSelectElement): void => {
    const { selected = [] } = toSelected(0, select);
    update(select, { selected }, true);
  };
  const updatePicture = (picture: HTMLImageElement): void => {
    const { currentSrc, complete } = picture;
    if (!complete || addresses.get(picture) === currentSrc) return;
    addresses.set(picture, currentSrc);
    const nodeId = findShownId(picture);
    if (nodeId !== undefined) tellPicture(nodeId, picture);
  };
  const updateAnimated = (): void => {
    const now = new Set<Element>();
    for (const { element, properties } of listAnimated(roots)) {
      now.add(element);
      const computed = getComputedStyle(element);
      const valueOf = (name: string): string => cleanValue(computed.getPropertyValue(name));
      update(element, { animated: Object.fromEntries(properties.map((name) => [name, valueOf(name)])) }, true);
    }
    for (const element of animated) {
      const last = now.has(element) ? undefined : known.get(element);
      if (last === undefined) continue;
      const { animated: values = {} } = JSON.parse(last) as NodeState;
      update(element, { animated: Object.fromEntries(Object.keys(values).map((name) => [name, ''])) }, true);
      known.delete(element);
    }
    animated = now;
  };

  doc.addEventListener(
    'toggle',
    ({ target }) => {
      if (target instanceof Element && target.hasAttribute('popover')) updatePopover(target);
    },
    { capture: true, signal: life.signal },
  );

  return {
    scan() {
      const hasPopovers = CSS.supports('selector(:popover-open)');
      for (const root of roots) {
        for (const element of root.querySelectorAll(WITH_STATE)) {
          const tag = tagOf(element);
          if (hasPopovers && hasAttributeOf(element, 'popover')) updatePopover(element);
          if (tag === 'input' && (element as HTMLInputElement).type === 'checkbox')
            updateBox(element as HTMLInputElement);
          if (tag === 'select') updateSelect(element as HTMLSelectElement);
          if (tag === 'img' && isChosen(element)) updatePicture(element as HTMLImageElement);
        }
      }
      updateAnimated();
    },
    forget(element) {
      known.delete(element);
      // Its address has just gone along.
      const { currentSrc, complete } = element as HTMLImageElement;
      if (complete) addresses.set(element, currentSrc);
    },
    close: () => life.abort(),
  };
}

/** Animations made by scripts; those of style sheets run on the other side by themselves. */
function listAnimated(roots: Iterable<Document | ShadowRoot>): { element: Element; properties: string[] }[] {
  const animations = Array.from(roots).flatMap((root) =>
    typeof root.getAnimations === 'function' ? root.getAnimations() : [],
  );
  return animations.flatMap((animation) => {
    const effect = animation.effect as KeyframeEffect | null;
    if ('animationName' in animation || 'transitionProperty' in animation) return [];
    if (!effect?.target || effect.pseudoElement) return [];
    const names = new Set(effect.getKeyframes().flatMap((frame) => Object.keys(frame)));
    const properties = [...names]
      .filter((name) => !['offset', 'computedOffset', 'easing', 'composite'].includes(name))
      .map((name) => (name === 'cssFloat' ? 'float' : name.replace(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`)));
    return [{ element: effect.target, properties }];
  });
}
