import type { ShareMark, SharedPlace } from '../../../protocol/sharing.ts';
import { OWN_FONT } from '../../own-font.ts';
import type { Stage } from '../stage.ts';
import { drawSmooth, inkStrength, LASER_TRAIL_MS } from './ink.ts';
import type { PagePlaces, Point } from './page-places.ts';

/** What people point at and draw, over the copy. Places are asked for anew at each drawing, so marks stay on the page. */
export interface MarksCanvas {
  /** @param author the empty string is the agent of this window */
  show(author: string, marks: readonly ShareMark[]): void;
  /** Something may have moved. */
  redraw(): void;
  clearOwn(): void;
  clear(): void;
}

interface AuthorMarks {
  pointer: { at: SharedPlace; movedAt: number } | undefined;
  laser: { at: SharedPlace; madeAt: number }[];
  strokes: Map<number, { points: SharedPlace[]; lastPointAt: number }>;
  highlight: number | undefined;
}

const OWN = '#1f6b57';
/** Told apart from one another and from the own one by people who see colours differently. */
const OTHERS = ['#b4540a', '#2d5f9a', '#8a2f7a', '#5c5f12'];
const POINTER_REST_MS = 10_000;
const MAX_STROKES = 60;
const MAX_POINTS = 4_000;
const MAX_LASER_POINTS = 120;
const MAX_AUTHORS = 12;

export function createMarksCanvas(stage: Stage, findPlaces: () => PagePlaces | undefined): MarksCanvas {
  const context = stage.marks.getContext('2d');
  const authors = new Map<string, AuthorMarks>();
  let frame: number | undefined;

  function marksOf(author: string): AuthorMarks {
    const known = authors.get(author);
    if (known !== undefined) return known;
    const [oldest] = [...authors.keys()].filter((name) => name !== '');
    if (authors.size >= MAX_AUTHORS && oldest !== undefined) authors.delete(oldest);
    const made: AuthorMarks = { pointer: undefined, laser: [], strokes: new Map(), highlight: undefined };
    authors.set(author, made);
    return made;
  }

  function take(own: AuthorMarks, mark: ShareMark, now: number): void {
    switch (mark.kind) {
      case 'pointer':
        own.pointer = mark.at === null ? undefined : { at: mark.at, movedAt: now };
        return;
      case 'laser':
        if (mark.at !== null) own.laser = [...own.laser.slice(1 - MAX_LASER_POINTS), { at: mark.at, madeAt: now }];
        return;
      case 'ink': {
        const stroke = own.strokes.get(mark.strokeId) ?? { points: [], lastPointAt: now };
        stroke.points = [...stroke.points, ...mark.points].slice(-MAX_POINTS);
        stroke.lastPointAt = now;
        own.strokes.set(mark.strokeId, stroke);
        const [oldest] = own.strokes.keys();
        if (own.strokes.size > MAX_STROKES && oldest !== undefined) own.strokes.delete(oldest);
        return;
      }
      case 'highlight':
        own.highlight = mark.nodeId ?? undefined;
    }
  }

  function draw(now: number): void {
    frame = undefined;
    const places = findPlaces();
    if (context === null) return;
    const { marks, size, scale } = stage;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, marks.width, marks.height);
    if (places === undefined) return;
    const density = marks.width / (size.width * scale);
    context.scale(density, density);
    const toScreen = (place: SharedPlace): Point | undefined => {
      const point = places.toPoint(place);
      return point === undefined ? undefined : { x: point.x * scale, y: point.y * scale };
    };
    let isMoving = false;
    let others = 0;
    for (const [author, own] of authors) {
      const colour = author === '' ? OWN : (OTHERS[others++ % OTHERS.length] ?? OWN);
      isMoving = drawAuthor(context, own, { author, colour, toScreen, places, scale, now }) || isMoving;
    }
    if (isMoving) ask();
  }

  function ask(): void {
    frame ??= requestAnimationFrame(() => draw(performance.now()));
  }

  stage.onLayout(ask);
  return {
    show(author, marks) {
      const own = marksOf(author);
      for (const mark of marks) take(own, mark, performance.now());
      ask();
    },
    redraw() {
      if (authors.size > 0) ask();
    },
    clearOwn() {
      authors.delete('');
      ask();
    },
    clear() {
      authors.clear();
      ask();
    },
  };
}

interface Drawing {
  author: string;
  colour: string;
  toScreen(place: SharedPlace): Point | undefined;
  places: PagePlaces;
  scale: number;
  now: number;
}

/** True while something still fades or rests. */
function drawAuthor(context: CanvasRenderingContext2D, own: AuthorMarks, drawing: Drawing): boolean {
  const { colour, toScreen, places, scale, now, author } = drawing;
  const present = (points: readonly SharedPlace[]): Point[] =>
    points.map(toScreen).filter((point) => point !== undefined);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = colour;
  context.fillStyle = colour;

  const box = own.highlight === undefined ? undefined : places.boxOf(own.highlight);
  if (box !== undefined) {
    context.globalAlpha = 0.16;
    context.fillRect(box.x * scale, box.y * scale, box.width * scale, box.height * scale);
    context.globalAlpha = 1;
    context.lineWidth = 2.5;
    context.strokeRect(box.x * scale, box.y * scale, box.width * scale, box.height * scale);
  }
  for (const [strokeId, stroke] of own.strokes) {
    const strength = inkStrength(stroke.lastPointAt, now);
    if (strength <= 0) {
      own.strokes.delete(strokeId);
      continue;
    }
    context.globalAlpha = strength * 0.9;
    context.lineWidth = 4;
    drawSmooth(context, present(stroke.points));
  }
  own.laser = own.laser.filter(({ madeAt }) => now - madeAt < LASER_TRAIL_MS);
  const trail = present(own.laser.map(({ at }) => at));
  const tip = trail.at(-1);
  if (tip !== undefined) {
    context.globalAlpha = 0.5;
    context.lineWidth = 5;
    drawSmooth(context, trail);
    context.globalAlpha = 1;
    drawDot(context, tip, 6);
  }
  if (own.pointer !== undefined && now - own.pointer.movedAt > POINTER_REST_MS) own.pointer = undefined;
  const pointer = own.pointer === undefined ? undefined : toScreen(own.pointer.at);
  context.globalAlpha = 1;
  if (pointer !== undefined && author !== '') drawPointer(context, pointer, author);
  return own.strokes.size > 0 || own.laser.length > 0 || own.pointer !== undefined;
}

function drawDot(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.fill();
}

function drawPointer(context: CanvasRenderingContext2D, { x, y }: Point, name: string): void {
  const colour = context.fillStyle;
  context.beginPath();
  for (const [dx, dy] of [
    [0, 0],
    [0, 17],
    [4.5, 13],
    [8, 20],
    [11, 18.5],
    [7.5, 11.5],
    [13, 11.5],
  ] as const) {
    context.lineTo(x + dx, y + dy);
  }
  context.closePath();
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = '#fff';
  context.stroke();
  const label = name.slice(0, 40);
  context.font = `12px ${OWN_FONT}`;
  const width = context.measureText(label).width + 12;
  context.beginPath();
  context.roundRect(x + 14, y + 16, width, 20, 6);
  context.fill();
  context.fillStyle = '#fff';
  context.fillText(label, x + 20, y + 30);
  context.fillStyle = colour;
}
