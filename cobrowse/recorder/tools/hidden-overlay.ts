import type { RecorderLook } from '../recorder-messages.ts';
import { boxOf, type Box } from './composed-tree.ts';
import { createFollower } from './follower.ts';
import { guarded } from './guarded.ts';
import type { Layer } from './layer.ts';
import { placeBox } from './place-parts.ts';
import { WORDS } from './words.ts';

/** Shows the visitor what the agent does not see, where it is. */
export interface HiddenOverlay {
  show(isOn: boolean): void;
  setName(name: string | null): void;
  setLook(look: RecorderLook): void;
}

/** More boxes than this in one window tell nobody more. */
const MAX_BOXES = 200;
/** What is hidden may change with anything on the page; asking for it anew is what costs. */
const ASK_AGAIN_MS = 400;
const LABEL_MIN = { width: 90, height: 20 };

export function createHiddenOverlay(
  layer: Layer,
  findHidden: () => Element[],
  initialLook: RecorderLook,
): HiddenOverlay {
  let { language } = initialLook;
  let name: string | null = null;
  let isShown = false;
  let watched = new Set<Element>();
  const inView = new Set<Element>();
  const boxes: HTMLElement[] = [];
  let askedAt = -Infinity;
  let isChanged = true;

  const views = new IntersectionObserver(
    guarded((entries: IntersectionObserverEntry[]) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) inView.add(target);
        else inView.delete(target);
      }
      follower.wake();
    }),
  );
  const sizes = new ResizeObserver(guarded(() => follower.wake()));
  const changes = new MutationObserver(
    guarded(() => {
      isChanged = true;
      follower.wake();
    }),
  );

  const watch = (element: Element): void => {
    views.observe(element);
    sizes.observe(element);
  };
  const unwatch = (element: Element): void => {
    views.unobserve(element);
    sizes.unobserve(element);
    inView.delete(element);
  };
  const askAgain = (now: number): void => {
    if (!isChanged || now - askedAt < ASK_AGAIN_MS) return;
    isChanged = false;
    askedAt = now;
    const hidden = new Set(findHidden());
    for (const element of watched) if (!hidden.has(element)) unwatch(element);
    for (const element of hidden) if (!watched.has(element)) watch(element);
    watched = hidden;
  };
  const follower = createFollower((now) => {
    if (!isShown) return 'nothing';
    askAgain(now);
    const seen = [...inView]
      .slice(0, MAX_BOXES)
      .map(boxOf)
      .filter(({ width, height }) => width >= 1 && height >= 1);
    while (boxes.length > seen.length) layer.remove(boxes.pop()!);
    let isMoving = isChanged;
    seen.forEach((box, index) => {
      const shown = (boxes[index] ??= addBox());
      isMoving = placeHidden(shown, box) || isMoving;
    });
    return isMoving ? 'moving' : 'still';
  });
  const addBox = (): HTMLElement => {
    const box = layer.add('div', 'hidden');
    box.setAttribute('aria-hidden', 'true');
    box.append(document.createElement('span'));
    return box;
  };
  const placeHidden = (shown: HTMLElement, box: Box): boolean => {
    const label = shown.firstElementChild as HTMLElement;
    const text = WORDS[language].hiddenFrom(name);
    if (label.textContent !== text) label.textContent = text;
    shown.classList.toggle('small', box.width < LABEL_MIN.width || box.height < LABEL_MIN.height);
    return placeBox(shown, box);
  };

  return {
    show: guarded((isOn) => {
      if (isOn === isShown) return;
      isShown = isOn;
      if (isOn) {
        isChanged = true;
        askedAt = -Infinity;
        changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        follower.wake();
        return;
      }
      changes.disconnect();
      views.disconnect();
      sizes.disconnect();
      follower.stop();
      watched = new Set();
      inView.clear();
      for (const box of boxes.splice(0)) layer.remove(box);
    }),
    setName(next) {
      name = next ?? name;
      follower.wake();
    },
    setLook(look) {
      ({ language } = look);
      follower.wake();
    },
  };
}
