import type { RecorderLook } from '../recorder-messages.ts';
import type { Box } from './composed-tree.ts';
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
  isAt(event: Event): boolean;
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
  const addButton = (label: string, act: () => void, className = ''): HTMLButtonElement => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = className;
    button.textContent = label;
    const handle = guarded((event: Event) => {
      event.stopPropagation();
      if (event.isTrusted) act();
    });
    button.addEventListener('click', handle);
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
      const { offsetHeight } = bar;
      const coversTop = box.y < offsetHeight + 24;
      const coversBottom = box.y + box.height > innerHeight - offsetHeight - 24;
      bar.classList.toggle('low', coversTop && !coversBottom);
    },
    isAt(event) {
      // Inside a closed tree an event does not say where in it, and the keyboard's own clicks have no place at all.
      const isOnButton = (bar.getRootNode() as ShadowRoot).activeElement?.localName === 'button';
      const { clientX, clientY, detail } = event as MouseEvent;
      if (event.type.startsWith('key') || (event.type === 'click' && detail === 0)) return isOnButton;
      const { left, right, top, bottom } = bar.getBoundingClientRect();
      return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    },
    close() {
      layer.remove(bar);
      layer.remove(status);
    },
  };
}
