import type { Box, Point } from './composed-tree.ts';
import type { Layer } from './layer.ts';
import { placeAt, placeBox } from './place-parts.ts';

/** One person's pointer with its name and the frame around what they highlight: made when first needed. */
export interface MarkParts {
  readonly colour: string;
  placePointer(point: Point | undefined): boolean;
  placeHighlight(box: Box | undefined): boolean;
  close(): void;
}

const SVG = 'http://www.w3.org/2000/svg';
const ARROW = 'M3 2 3 17.5 7.2 13.6 9.9 19.6 12.9 18.3 10.2 12.4 16 12z';
const MAX_NAME = 40;

export function createMarkParts(layer: Layer, name: string, colour: string): MarkParts {
  let pointer: HTMLElement | undefined;
  let flag: HTMLElement | undefined;
  let frame: HTMLElement | undefined;

  const add = (className: string): HTMLElement => {
    const element = layer.add('div', className);
    element.setAttribute('aria-hidden', 'true');
    element.style.setProperty('--colour', colour);
    element.style.setProperty('--on-colour', '#fff');
    return element;
  };
  const remove = (element: HTMLElement | undefined): undefined => {
    if (element) layer.remove(element);
  };

  return {
    colour,
    placePointer(point) {
      if (!point) {
        const wasThere = pointer !== undefined;
        pointer = remove(pointer);
        flag = remove(flag);
        return wasThere;
      }
      if (!pointer) {
        pointer = add('pointer');
        pointer.append(toArrow());
      }
      if (!flag && name !== '') {
        flag = add('flag');
        flag.textContent = name.slice(0, MAX_NAME);
      }
      // The arrow's tip is at (3, 2) of its picture.
      const hasMoved = placeAt(pointer, point.x - 3, point.y - 2);
      if (flag) placeFlag(flag, point);
      return hasMoved;
    },
    placeHighlight(box) {
      if (!box) {
        const wasThere = frame !== undefined;
        frame = remove(frame);
        return wasThere;
      }
      frame ??= add('box mark');
      return placeBox(frame, box, 4);
    },
    close() {
      pointer = remove(pointer);
      flag = remove(flag);
      frame = remove(frame);
    },
  };
}

/** Beside the point, on the side where there is room. */
export function placeFlag(flag: HTMLElement, { x, y }: Point): boolean {
  const { offsetWidth: width, offsetHeight: height } = flag;
  const left = x + 14 + width > innerWidth - 4 ? x - width - 8 : x + 14;
  const top = y + 18 + height > innerHeight - 4 ? y - height - 8 : y + 18;
  return placeAt(flag, Math.max(4, left), Math.max(4, top));
}

function toArrow(): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 22 22');
  svg.setAttribute('width', '22');
  svg.setAttribute('height', '22');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ARROW);
  svg.append(path);
  return svg;
}
