import { expect, test } from 'vitest';
import { placePopover } from './place-popover.ts';

const screen = { width: 400, height: 600 };
const popover = { width: 200, height: 150 };
const anchorAt = (top: number, left: number) => ({ top, left, width: 40, height: 40 });

test('[A11] a popover opens on the wished side where there is room', () => {
  expect(placePopover(anchorAt(100, 20), popover, screen, { side: 'below', end: false })).toEqual({
    top: 146,
    left: 20,
    maxHeight: 446,
  });
  expect(placePopover(anchorAt(300, 300), popover, screen, { side: 'above', end: true })).toEqual({
    top: 144,
    left: 140,
    maxHeight: 286,
  });
});

test('[A11] a popover turns to the other side before it leaves the screen', () => {
  expect(placePopover(anchorAt(540, 20), popover, screen, { side: 'below', end: false }).top).toBe(384);
  expect(placePopover(anchorAt(10, 20), popover, screen, { side: 'above', end: false }).top).toBe(56);
});

test('[A11] a popover never crosses the edge of a small screen', () => {
  const placed = placePopover(anchorAt(50, 380), popover, { width: 390, height: 180 }, { side: 'below', end: false });
  expect(placed).toEqual({ top: 22, left: 182, maxHeight: 164 });
});

test('[B2] a popover that is too high for the screen scrolls, and leaves to see what stands around its button', () => {
  const tall = { width: 200, height: 560 };
  expect(placePopover(anchorAt(100, 20), tall, screen, { side: 'below', end: false })).toMatchObject({
    top: 146,
    maxHeight: 446,
  });
  expect(placePopover(anchorAt(500, 20), tall, screen, { side: 'below', end: false })).toMatchObject({
    top: 8,
    maxHeight: 486,
  });
});
