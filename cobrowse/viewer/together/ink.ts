import type { Point } from './page-places.ts';

/** Whole for this long after its last point, then it fades. */
export const INK_SHOWN_MS = 3_000;
export const INK_FADE_MS = 1_000;
export const LASER_TRAIL_MS = 600;

/** How much of a stroke is still to be seen, 1 to 0. */
export function inkStrength(lastPointAt: number, now: number): number {
  return Math.min(1, Math.max(0, 1 - (now - lastPointAt - INK_SHOWN_MS) / INK_FADE_MS));
}

/** Draws through the middle of each two points, so that a quick hand leaves no corners. */
export function drawSmooth(context: CanvasRenderingContext2D, points: readonly Point[]): void {
  const [first, ...rest] = points;
  if (first === undefined) return;
  context.beginPath();
  context.moveTo(first.x, first.y);
  let before = first;
  for (const point of rest) {
    context.quadraticCurveTo(before.x, before.y, (before.x + point.x) / 2, (before.y + point.y) / 2);
    before = point;
  }
  context.lineTo(before.x, before.y);
  // A single point is a dot: a line without length has round ends all the same.
  if (rest.length === 0) context.lineTo(first.x + 0.01, first.y);
  context.stroke();
}
