import type { ShareAct, ShareGrantName, ShareMark } from '../../../protocol/sharing.ts';
import type { PageCopy } from '../copy/page-copy.ts';
import { toScrollBox } from '../copy/scroll-keeper.ts';
import type { Stage } from '../stage.ts';
import type { ViewerTool } from '../viewer-messages.ts';
import type { ViewerWords } from '../viewer-words.ts';
import { createActing } from './acting.ts';
import { findScrollable } from './act-target.ts';
import { createMarksCanvas } from './marks-canvas.ts';
import { createPagePlaces, type PagePlaces, type Point } from './page-places.ts';
import { createPointing, type PointingTool } from './pointing.ts';
import { createVisitorPointer, type VisitorPointer } from './visitor-pointer.ts';

/** Everything two people do on one page: what each points at, and what the agent does there. */
export interface Together {
  readonly visitorPointer: VisitorPointer;
  setTool(tool: ViewerTool): void;
  setGrants(grants: readonly ShareGrantName[]): void;
  setVisitorName(name: string): void;
  showMarks(name: string, marks: readonly ShareMark[]): void;
  /** The page has changed or scrolled: what stands over it moves along. */
  handleMoved(): void;
  /** Another page, or nothing. */
  clear(): void;
  close(): void;
}

export interface TogetherHost {
  stage: Stage;
  findCopy(): PageCopy | undefined;
  isFollowing(): boolean;
  words(): ViewerWords;
  post(message: { type: 'marks'; marks: readonly ShareMark[] } | { type: 'act'; actId: string; act: ShareAct }): void;
}

const NEEDED: Record<PointingTool, ShareGrantName> = {
  point: 'point',
  laser: 'point',
  highlight: 'point',
  ink: 'draw',
};
const LINE_PX = 40;
/** A press that moves farther is no click. */
const CLICK_SLACK_PX = 6;

export function createTogether(host: TogetherHost): Together {
  const { stage } = host;
  const { overlay } = stage;
  let grants: readonly ShareGrantName[] = [];
  let tool: ViewerTool = 'look';
  let pressedAt: Point | undefined;
  let placesOf: { copy: PageCopy; places: PagePlaces } | undefined;

  function findPlaces(): PagePlaces | undefined {
    const copy = host.findCopy();
    if (copy === undefined) return undefined;
    if (placesOf?.copy !== copy) placesOf = { copy, places: createPagePlaces(copy.replayer) };
    return placesOf.places;
  }

  /** How far the copy is scrolled away from where the visitor is. */
  function shift(): Point {
    const copy = host.findCopy();
    const box = copy === undefined || host.isFollowing() ? undefined : toScrollBox(copy.replayer.document);
    if (copy === undefined || box === undefined) return { x: 0, y: 0 };
    const visitor = copy.scroll.visitorPosition();
    return { x: visitor.x - box.scrollLeft, y: visitor.y - box.scrollTop };
  }

  const mayDo = (grant: ShareGrantName): boolean => grants.includes(grant);
  const marks = createMarksCanvas(stage, findPlaces);
  const visitorPointer = createVisitorPointer(stage, shift);
  const pointing = createPointing({
    findPlaces,
    show: (own) => marks.show('', own),
    send: (own) => host.post({ type: 'marks', marks: own }),
  });
  const acting = createActing({
    stage,
    findPlaces,
    findCopy: host.findCopy,
    mayDo,
    words: host.words,
    send: (act) => host.post({ type: 'act', actId: createActId(), act }),
  });

  function isPointing(): boolean {
    return tool !== 'look' && tool !== 'act' && mayDo(NEEDED[tool]);
  }

  function applyTool(): void {
    overlay.dataset['tool'] = tool;
    pointing.start(isPointing() ? (tool as PointingTool) : null);
    if (tool !== 'act') acting.stop();
  }

  function handleMoved(): void {
    const offset = shift();
    const isApart = !host.isFollowing() && (Math.abs(offset.x) > 2 || Math.abs(offset.y) > 2);
    stage.setOutline(isApart ? { left: offset.x, top: offset.y, ...stage.size } : null);
    visitorPointer.place();
    marks.redraw();
    acting.handleMoved();
  }

  /** Looking around on one's own: only what is shown here scrolls. */
  function lookAround(point: Point, deltaX: number, deltaY: number): void {
    const copy = host.findCopy();
    if (copy === undefined) return;
    const under = findPlaces()?.elementAt(point);
    const scrollable = under === undefined ? null : findScrollable(under, deltaX, deltaY);
    const box = scrollable ?? toScrollBox(copy.replayer.document);
    box?.scrollBy({ left: deltaX, top: deltaY, behavior: 'instant' });
    handleMoved();
  }

  /** True when it was taken, so that the window itself must not scroll as well. */
  function scrollBy(point: Point, deltaX: number, deltaY: number): boolean {
    if (tool === 'act') acting.scroll(point, deltaX, deltaY);
    else if (!host.isFollowing()) lookAround(point, deltaX, deltaY);
    else return false;
    return true;
  }

  const toPoint = (event: MouseEvent): Point => stage.toWindowPoint(event.clientX, event.clientY);

  overlay.addEventListener('pointermove', (event) => {
    if (isPointing()) pointing.move(toPoint(event), event.buttons % 2 === 1);
  });
  overlay.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    pressedAt = toPoint(event);
    if (tool !== 'look') overlay.setPointerCapture(event.pointerId);
    if (isPointing()) pointing.press(pressedAt);
    else if (tool !== 'look' && tool !== 'act') stage.announce(host.words().refused['not-granted']);
  });
  overlay.addEventListener('pointerup', (event) => {
    const released = toPoint(event);
    const isClick =
      pressedAt !== undefined &&
      Math.hypot(released.x - pressedAt.x, released.y - pressedAt.y) * stage.scale < CLICK_SLACK_PX;
    pressedAt = undefined;
    pointing.release();
    if (tool === 'act' && event.button === 0 && isClick) acting.click(released);
  });
  overlay.addEventListener('pointercancel', () => pointing.release());
  overlay.addEventListener('pointerleave', () => isPointing() && pointing.leave());
  overlay.addEventListener('contextmenu', (event) => event.preventDefault());
  overlay.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey) return;
      const unit = event.deltaMode === 0 ? 1 : LINE_PX;
      if (scrollBy(toPoint(event), (event.deltaX * unit) / stage.scale, (event.deltaY * unit) / stage.scale))
        event.preventDefault();
    },
    { passive: false },
  );
  overlay.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== overlay) return;
    const middle = { x: stage.size.width / 2, y: stage.size.height / 2 };
    const steps = toSteps(event.key, stage.size.height);
    const isTaken =
      steps === undefined
        ? tool === 'act' && !event.shiftKey && acting.press(event.key)
        : scrollBy(middle, steps.x, steps.y);
    if (isTaken) event.preventDefault();
  });

  return {
    visitorPointer,
    setTool(chosen) {
      tool = chosen;
      applyTool();
    },
    setGrants(given) {
      grants = [...given];
      applyTool();
      if (!mayDo('click-and-type')) acting.stop();
      if (!mayDo('point') && !mayDo('draw')) marks.clearOwn();
    },
    setVisitorName: (name) => visitorPointer.setName(name),
    showMarks: (name, made) => marks.show(name === '' ? '?' : name, made),
    handleMoved,
    clear() {
      acting.stop();
      marks.clear();
      visitorPointer.clear();
      stage.setOutline(null);
    },
    close() {
      acting.stop();
      pointing.close();
      visitorPointer.clear();
    },
  };
}

function toSteps(key: string, height: number): Point | undefined {
  switch (key) {
    case 'ArrowDown':
      return { x: 0, y: LINE_PX };
    case 'ArrowUp':
      return { x: 0, y: -LINE_PX };
    case 'ArrowRight':
      return { x: LINE_PX, y: 0 };
    case 'ArrowLeft':
      return { x: -LINE_PX, y: 0 };
    case 'PageDown':
    case ' ':
      return { x: 0, y: height * 0.9 };
    case 'PageUp':
      return { x: 0, y: -height * 0.9 };
    case 'Home':
      return { x: 0, y: -1e7 };
    case 'End':
      return { x: 0, y: 1e7 };
    default:
      return undefined;
  }
}

/** A random UUID; `crypto.randomUUID` is missing on plain http. */
function createActId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
