import type { ShareMark, SharedPlace } from '../../../protocol/sharing.ts';
import type { Point } from './composed-tree.ts';
import { createFollower } from './follower.ts';
import { guarded } from './guarded.ts';
import { drawLaser, drawStroke, inkStrength, LASER_TRAIL_MS } from './ink.ts';
import type { Layer } from './layer.ts';
import { createMarkParts, type MarkParts } from './mark-parts.ts';
import type { PagePlaces } from './page-places.ts';

/** What people point at and draw on the page. Each place is looked for anew with each picture, so marks stay on it. */
export interface Marks {
  /** @param author the empty string is the visitor */
  show(author: string, marks: readonly ShareMark[]): void;
  /** Takes away one kind of mark of everybody else, or every mark of all. */
  clear(kinds?: readonly ShareMark['kind'][]): void;
}

interface AuthorMarks {
  pointer: { at: SharedPlace; movedAt: number } | undefined;
  laser: { at: SharedPlace; madeAt: number }[];
  isLaserOn: boolean;
  strokes: Map<number, { points: SharedPlace[]; lastPointAt: number }>;
  highlight: number | undefined;
  parts: MarkParts;
}

/** Amber is what the visitor does; the others are told apart also by people who see colours differently. */
const VISITOR_COLOUR = '#b4540a';
const AGENT_COLOURS = ['#1f6b57', '#2d5f9a', '#8a2f7a', '#5c5f12'];
const POINTER_REST_MS = 10_000;
const LASER_REST_MS = 4_000;
const MAX_AUTHORS = 8;
const MAX_STROKES = 60;
const MAX_POINTS = 2_000;
const MAX_LASER_POINTS = 60;

export function createMarks(layer: Layer, places: PagePlaces): Marks {
  const authors = new Map<string, AuthorMarks>();
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let canvas: HTMLCanvasElement | undefined;

  const marksOf = (author: string): AuthorMarks => {
    const known = authors.get(author);
    if (known) return known;
    const [oldest] = authors.keys();
    if (authors.size >= MAX_AUTHORS && oldest !== undefined) drop(oldest);
    const colour = author === '' ? VISITOR_COLOUR : toColour(author);
    const parts = createMarkParts(layer, author, colour);
    const made: AuthorMarks = {
      pointer: undefined,
      laser: [],
      isLaserOn: false,
      strokes: new Map(),
      highlight: undefined,
      parts,
    };
    authors.set(author, made);
    return made;
  };
  const drop = (author: string): void => {
    authors.get(author)?.parts.close();
    authors.delete(author);
  };

  const take = (own: AuthorMarks, mark: ShareMark, now: number): void => {
    if (mark.kind === 'pointer') own.pointer = mark.at === null ? undefined : { at: mark.at, movedAt: now };
    if (mark.kind === 'highlight') own.highlight = mark.nodeId ?? undefined;
    if (mark.kind === 'laser') {
      own.isLaserOn = mark.at !== null;
      if (mark.at) own.laser = [...own.laser.slice(1 - MAX_LASER_POINTS), { at: mark.at, madeAt: now }];
    }
    if (mark.kind === 'ink') {
      const stroke = own.strokes.get(mark.strokeId) ?? { points: [], lastPointAt: now };
      stroke.points = [...stroke.points, ...mark.points].slice(-MAX_POINTS);
      stroke.lastPointAt = now;
      own.strokes.set(mark.strokeId, stroke);
      const [oldest] = own.strokes.keys();
      if (own.strokes.size > MAX_STROKES && oldest !== undefined) own.strokes.delete(oldest);
    }
  };

  /** Forgets what has had its time; false when nothing of it is left. */
  const age = (own: AuthorMarks, now: number): boolean => {
    if (own.pointer && now - own.pointer.movedAt > POINTER_REST_MS) own.pointer = undefined;
    const newest = own.laser.at(-1);
    if (newest && now - newest.madeAt > LASER_REST_MS) own.isLaserOn = false;
    const trail = own.laser.filter(({ madeAt }) => now - madeAt < LASER_TRAIL_MS);
    own.laser = trail.length === 0 && own.isLaserOn && newest ? [newest] : trail;
    for (const [id, { lastPointAt }] of own.strokes) {
      if (inkStrength(lastPointAt, now, calm.matches) === 0) own.strokes.delete(id);
    }
    return own.pointer !== undefined || own.highlight !== undefined || own.laser.length + own.strokes.size > 0;
  };

  const toPoints = (found: readonly SharedPlace[]): Point[] =>
    found.map((place) => places.toPoint(place)).filter((point) => point !== undefined);

  const follower = createFollower((now) => {
    places.forget();
    for (const [author, own] of authors) if (!age(own, now)) drop(author);
    if (authors.size === 0) {
      if (canvas) layer.remove(canvas);
      canvas = undefined;
      return 'nothing';
    }
    canvas ??= addCanvas(layer);
    const context = toFreshContext(canvas);
    let isMoving = false;
    for (const own of authors.values()) {
      const { pointer, highlight, parts } = own;
      isMoving = parts.placePointer(pointer && places.toPoint(pointer.at)) || isMoving;
      isMoving = parts.placeHighlight(highlight === undefined ? undefined : places.boxOfNode(highlight)) || isMoving;
      isMoving ||= own.strokes.size > 0 || own.laser.length > 0;
      if (!context) continue;
      for (const { points, lastPointAt } of own.strokes.values()) {
        context.globalAlpha = inkStrength(lastPointAt, now, calm.matches);
        drawStroke(context, toPoints(points), parts.colour);
      }
      const trail = own.laser.flatMap(({ at, madeAt }) => {
        const point = places.toPoint(at);
        return point ? [{ ...point, age: now - madeAt }] : [];
      });
      context.globalAlpha = 1;
      drawLaser(context, calm.matches ? trail.slice(-1) : trail, parts.colour);
    }
    return isMoving ? 'moving' : 'still';
  });

  return {
    show: guarded((author, marks) => {
      const own = marksOf(author);
      for (const mark of marks) take(own, mark, performance.now());
      follower.wake();
    }),
    clear: guarded((kinds) => {
      for (const [author, own] of authors) {
        if (kinds && author === '') continue;
        if (!kinds || kinds.includes('pointer')) own.pointer = undefined;
        if (!kinds || kinds.includes('highlight')) own.highlight = undefined;
        if (!kinds || kinds.includes('laser')) own.laser = [];
        if (!kinds || kinds.includes('ink')) own.strokes.clear();
      }
      if (authors.size > 0) follower.wake();
    }),
  };
}

function addCanvas(layer: Layer): HTMLCanvasElement {
  const canvas = layer.add('canvas', 'canvas');
  canvas.setAttribute('aria-hidden', 'true');
  return canvas;
}

/** Empty, and as fine as the screen. */
function toFreshContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const [width, height] = [Math.round(innerWidth * devicePixelRatio), Math.round(innerHeight * devicePixelRatio)];
  const context = canvas.getContext('2d');
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context?.setTransform(1, 0, 0, 1, 0, 0);
  context?.clearRect(0, 0, width, height);
  context?.scale(devicePixelRatio, devicePixelRatio);
  return context;
}

/** The same person keeps the same colour. */
export function toColour(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum + (letter.codePointAt(0) ?? 0)) % AGENT_COLOURS.length;
  return AGENT_COLOURS[sum] ?? VISITOR_COLOUR;
}
