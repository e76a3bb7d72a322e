import type { RecorderLook } from '../recorder-messages.ts';
import type { Box, Point } from './composed-tree.ts';
import { guarded } from './guarded.ts';
import type { Layer } from './layer.ts';
import { WORDS } from './words.ts';

/** Says what to do while a part is chosen, to eyes and to screen readers, and can be operated by fingers. */
export interface PickBar {
  announce(text: string): void;
  /** For those who do not choose by a click: from now on there is something to confirm. */
  offerButtons(): void;
  /** Goes to the other edge of the window when it covers what is chosen. */
  avoid(box: Box): void;
  contains(point: Point): boolean;
  /** Does what the button there says, or makes room. */
  tap(point: Point): void;
  /** Does what the focused button says; false when none is. */
  pressFocused(): boolean;
  close(): void;
}

export interface PickBarActs {
  choose(): void;
  enlarge(): void;
  cancel(): void;
}

export function createPickBar(
  layer: Layer,
  purpose: 'only' | 'hide',
  language: RecorderLook['language'],
  acts: PickBarActs,
): PickBar {
  const words = WORDS[language];
  const title = purpose === 'only' ? words.pickOnly : words.pickHide;
  const isTouch = matchMedia('(pointer: coarse)').matches;
  const status = layer.add('div', 'quiet');
  status.setAttribute('role', 'status');
  const bar = layer.add('div', 'bar');
  bar.lang = language;
  // Screen readers then hand the arrow keys to us instead of reading on with them.
  bar.setAttribute('role', 'application');
  bar.setAttribute('aria-label', `${title}. ${words.pickByKeys}`);
  bar.tabIndex = -1;
  const text = document.createElement('p');
  const strong = document.createElement('b');
  strong.textContent = title;
  const help = document.createElement('span');
  help.textContent = isTouch ? words.pickByTouch : words.pickByKeys;
  text.append(strong, help);
  const buttons = document.createElement('div');
  const actOf = new Map<Element, () => void>();
  const addButton = (label: string, act: () => void, className = ''): HTMLButtonElement => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = className;
    button.textContent = label;
    actOf.set(button, act);
    // Screen readers press it in ways of their own.
    button.addEventListener(
      'click',
      guarded(({ isTrusted }: Event) => isTrusted && act()),
    );
    buttons.append(button);
    return button;
  };
  addButton(words.cancel, acts.cancel);
  const confirming = [
    addButton(words.larger, acts.enlarge),
    addButton(purpose === 'only' ? words.choose : words.chooseHide, acts.choose, 'main'),
  ];
  for (const button of confirming) button.hidden = true;
  bar.append(text, buttons);
  bar.focus({ preventScroll: true });

  return {
    announce(label) {
      status.textContent = label;
    },
    offerButtons() {
      for (const button of confirming) button.hidden = false;
    },
    avoid(box) {
      const { top, bottom } = bar.getBoundingClientRect();
      if (box.y >= bottom + 8 || box.y + box.height <= top - 8) return;
      const isLow = bar.classList.contains('low');
      const reach = bar.offsetHeight + 24;
      const isOtherFree = isLow ? box.y > reach : box.y + box.height < innerHeight - reach;
      if (isOtherFree) bar.classList.toggle('low');
    },
    contains: (point) => isWithin(bar, point),
    tap(point) {
      for (const [button, act] of actOf) if (isWithin(button, point)) return act();
      // Whoever points at the words wants what is under them.
      bar.classList.toggle('low');
    },
    pressFocused() {
      const focused = (bar.getRootNode() as ShadowRoot).activeElement;
      const act = focused && actOf.get(focused);
      act?.();
      return Boolean(act);
    },
    close() {
      layer.remove(bar);
      layer.remove(status);
    },
  };
}

function isWithin(element: Element, { x, y }: Point): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return x >= left && x < right && y >= top && y < bottom;
}
