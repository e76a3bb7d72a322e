import type { ShareAct } from '../../../../protocol/sharing.ts';
import { boxOf, type Point } from '../composed-tree.ts';
import { guarded } from '../guarded.ts';
import type { Layer } from '../layer.ts';
import { placeFlag } from '../mark-parts.ts';
import { toColour } from '../marks.ts';
import { placeAt } from '../place-parts.ts';
import { WORDS } from '../words.ts';
import type { RecorderLook } from '../../recorder-messages.ts';

/** Shows the visitor who just did what, at the place where it was done. */
export interface ActNotices {
  show(
    agentName: string,
    kind: ShareAct['kind'],
    language: RecorderLook['language'],
    where: Element | Point | null,
  ): void;
  clear(): void;
}

const SHOWN_MS = 2_200;
const MAX_NAME = 40;

export function createActNotices(layer: Layer): ActNotices {
  let shown: HTMLElement[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const clear = guarded(() => {
    clearTimeout(timer);
    for (const element of shown) layer.remove(element);
    shown = [];
  });

  return {
    show: guarded((agentName, kind, language, where) => {
      const words = WORDS[language];
      const name = agentName.trim().slice(0, MAX_NAME) || words.agent;
      const text = words.did(name, kind);
      // Of many of one kind in a row, such as scrolling, one notice that stays is enough.
      clear();
      const add = (className: string): HTMLElement => {
        const element = layer.add('div', className);
        element.setAttribute('aria-hidden', 'true');
        element.style.setProperty('--colour', toColour(agentName));
        element.style.setProperty('--on-colour', '#fff');
        shown.push(element);
        return element;
      };
      const point = toPoint(where);
      if (kind === 'click') placeAt(add('ripple'), point.x, point.y);
      const flag = add('flag');
      flag.textContent = text;
      placeFlag(flag, point);
      timer = setTimeout(clear, SHOWN_MS);
    }),
    clear,
  };
}

/** Under a field, at the middle of the window for the page itself. */
function toPoint(where: Element | Point | null): Point {
  if (where === null) return { x: innerWidth / 2 - 60, y: 24 };
  if (!('nodeType' in where)) return where;
  const { x, y, height } = boxOf(where);
  return { x: Math.max(x, 0), y: Math.max(0, Math.min(y + height - 14, innerHeight - 60)) };
}
