import { toPlace } from '../../page-place.ts';
import type { FromRecorder, PickedPart, RecorderLook } from '../recorder-messages.ts';
import { boxOf, elementAt, findFocused, isElement, type Point } from './composed-tree.ts';
import { describeElement } from './element-name.ts';
import { createFollower } from './follower.ts';
import { guarded } from './guarded.ts';
import { placeBox, placeTip } from './place-parts.ts';
import type { Layer } from './layer.ts';
import { createPickBar } from './pick-bar.ts';
import { toPartSelector } from './part-selector.ts';
import { stepFrom } from './part-walk.ts';
import { swallowInput } from './swallow-input.ts';

export type PickPurpose = 'only' | 'hide';

export interface ElementPicker {
  /** Lets the visitor choose; what was being chosen before is dropped without a word. */
  start(purpose: PickPurpose): void;
  cancel(): void;
  close(): void;
}

export interface ElementPickerOptions {
  layer: Layer;
  look(): RecorderLook;
  isOwn(node: Node): boolean;
  post(message: FromRecorder): void;
}

/**
 * The visitor chooses a part of the page: with the pointer, by touch, or walking the page's tree with the arrow keys.
 * The page is not operated meanwhile, and what its scripts pretend chooses nothing.
 */
export function createElementPicker({ layer, look, isOwn, post }: ElementPickerOptions): ElementPicker {
  let stopPicking: (() => void) | undefined;

  function start(purpose: PickPurpose): void {
    stopPicking?.();
    const { language } = look();
    const focusedBefore = document.activeElement;
    const shield = layer.add('div', 'shield');
    shield.style.cursor = 'crosshair';
    const outline = layer.add('div', `box pick ${purpose}`);
    const tip = layer.add('div', 'tip');
    let chosen: Element | undefined;
    let pointer: Point | undefined;

    const bar = createPickBar(layer, purpose, language, {
      choose: () => finish(chosen),
      enlarge: () => walk('ArrowUp'),
      cancel: () => finish(undefined),
    });
    const follower = createFollower(() => {
      // What lies under a resting pointer changes as the page scrolls.
      if (pointer) choose(elementAt(pointer, isNoPart) ?? undefined);
      if (chosen?.isConnected !== true) chosen = undefined;
      const box = chosen && boxOf(chosen);
      const hasMoved = placeBox(outline, box);
      placeTip(tip, box);
      if (box) bar.avoid(box);
      return hasMoved ? 'moving' : 'still';
    });

    const isNoPart = (element: Element): boolean =>
      isOwn(element) || layer.owns(element) || /^(?:html|body)$/.test(element.localName);
    const choose = (element: Element | undefined): void => {
      if (element === undefined || element === chosen || isNoPart(element)) return;
      chosen = element;
      tip.textContent = describeElement(element, language);
      follower.wake();
    };
    const walk = (key: string): void => {
      pointer = undefined;
      const next = chosen
        ? stepFrom(chosen, key, isNoPart)
        : elementAt({ x: innerWidth / 2, y: innerHeight / 2 }, isNoPart);
      if (next) {
        choose(next);
        next.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
      }
      bar.announce(tip.textContent);
      bar.offerButtons();
    };
    const finish = (element: Element | undefined): void => {
      const part = element && toPickedPart(element, tip.textContent);
      stopPicking?.();
      post(part ? { type: 'picked', purpose, part } : { type: 'pick-cancelled' });
    };

    const stopSwallowing = swallowInput({
      isLetThrough: ({ target }) => isElement(target) && isOwn(target) && !layer.owns(target),
      onMove(point) {
        pointer = bar.contains(point) ? undefined : point;
        if (pointer) choose(elementAt(point, isNoPart) ?? undefined);
      },
      onTap(point, isTouch) {
        if (bar.contains(point)) return bar.tap(point);
        const element = elementAt(point, isNoPart) ?? undefined;
        if (!isTouch || (element !== undefined && element === chosen)) return element && finish(element);
        pointer = undefined;
        choose(element);
        bar.announce(tip.textContent);
        bar.offerButtons();
      },
      onKey(key) {
        if (key === 'Escape') finish(undefined);
        else if (key !== 'Enter' && key !== ' ') walk(key);
        else if (!bar.pressFocused() && chosen) finish(chosen);
      },
      keys: ['Escape', 'Enter', ' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
    });
    stopPicking = () => {
      stopPicking = undefined;
      stopSwallowing();
      follower.stop();
      bar.close();
      for (const element of [shield, outline, tip]) layer.remove(element);
      if (layer.owns(findFocused() ?? document) || document.activeElement === document.body) {
        (focusedBefore as HTMLElement | null)?.focus({ preventScroll: true });
      }
    };
    follower.wake();
  }

  return {
    start: guarded(start),
    cancel: guarded(() => {
      if (stopPicking === undefined) return;
      stopPicking();
      post({ type: 'pick-cancelled' });
    }),
    close: guarded(() => stopPicking?.()),
  };
}

function toPickedPart(element: Element, label: string): PickedPart | undefined {
  const selector = toPartSelector(element);
  return selector === undefined ? undefined : { path: toPlace(location), selector, label };
}
