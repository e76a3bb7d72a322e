import type { Point } from './composed-tree.ts';

/** Whole for this long after its last point, then it fades: gone after four seconds. */
const INK_SHOWN_MS = 3_000;
const INK_FADE_MS = 1_000;
export const LASER_TRAIL_MS = 600;

/** How much of a stroke is still to be seen, 1 to 0. */
export function inkStrength(lastPointAt: number, now: number, isCalm: boolean): number {
  const rest = 1 - (now - lastPointAt - INK_SHOWN_MS) / INK_FADE_MS;
  if (isCalm) return rest > 0 ? 1 : 0;
  return Math.min(1, Math.max(0, rest));
}

/** With a light edge, so that it is seen on every ground. Goes through the middle of each two points: no corners. */
export function drawStroke(context: CanvasRenderingContext2D, points: readonly Point[], colour: string): void {
  const [first, ...rest] = points;
  if (first === undefined) return;
  const path = new Path2D();
  path.moveTo(first.x, first.y);
  let before = first;
  for (const point of rest) {
    path.quadraticCurveTo(before.x, before.y, (before.x + point.x) / 2, (before.y + point.y) / 2);
    before = point;
  }
  // A line without length still has round ends: a single point is a dot.
  path.lineTo(before.x + (rest.length === 0 ? 0.01 : 0), before.y);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const [style, width] of [
    ['#fff', 7],
    [colour, 4],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke(path);
  }
}

/** A glowing dot and where it has been. The newest point comes last. */
export function drawLaser(
  context: CanvasRenderingContext2D,
  points: readonly (Point & { age: number })[],
  colour: string,
): void {
  const last = points.at(-1);
  if (last === undefined) return;
  // Rounded ends would show where two pale pieces lie over one another.
  context.lineCap = 'butt';
  context.strokeStyle = colour;
  for (let index = 1; index < points.length; index += 1) {
    const [from, to] = [points[index - 1]!, points[index]!];
    const rest = Math.max(0, 1 - to.age / LASER_TRAIL_MS);
    context.globalAlpha = rest * 0.7;
    context.lineWidth = 1 + rest * 6;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
  context.globalAlpha = 1;
  for (const [style, radius] of [
    [colour, 9],
    ['#fff', 6.5],
    [colour, 5],
  ] as const) {
    context.globalAlpha = radius === 9 ? 0.3 : 1;
    context.fillStyle = style;
    context.beginPath();
    context.arc(last.x, last.y, radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}
