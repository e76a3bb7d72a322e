import type { ShareMark, SharedPlace } from '../../../protocol/sharing.ts';
import type { PagePlaces, Point } from './page-places.ts';

/** 30 a second is what the server takes. */
const SEND_EVERY_MS = 40;
const MAX_POINTS = 64;
const MAX_MARKS = 16;

export type PointingTool = 'point' | 'laser' | 'ink' | 'highlight';

/** What the agent's pointer does on the page without doing anything to it. */
export interface Pointing {
  start(tool: PointingTool | null): void;
  move(point: Point, isPressed: boolean): void;
  press(point: Point): void;
  release(): void;
  leave(): void;
  close(): void;
}

export interface PointingHost {
  findPlaces(): PagePlaces | undefined;
  /** Shows them here. */
  show(marks: readonly ShareMark[]): void;
  send(marks: readonly ShareMark[]): void;
}

export function createPointing(host: PointingHost): Pointing {
  let tool: PointingTool | null = null;
  let strokeId = 0;
  let isDrawing = false;
  let strokePoints: SharedPlace[] = [];
  let freshPoints = 0;
  let highlighted: number | null = null;
  let waiting: ShareMark[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function queue(mark: ShareMark): void {
    host.show([mark]);
    // Only the last of these counts; of ink every point does.
    if (mark.kind !== 'ink') waiting = waiting.filter(({ kind }) => kind !== mark.kind);
    waiting.push(mark);
    timer ??= setTimeout(flush, SEND_EVERY_MS);
  }

  function flush(): void {
    timer = undefined;
    sealStroke(false);
    const marks = waiting;
    waiting = [];
    for (let index = 0; index < marks.length; index += MAX_MARKS) host.send(marks.slice(index, index + MAX_MARKS));
  }

  function sealStroke(isEnd: boolean): void {
    const last = strokePoints.at(-1);
    if (last === undefined || (!isEnd && freshPoints === 0)) return;
    freshPoints = 0;
    for (let index = 0; index < strokePoints.length; index += MAX_POINTS) {
      const points = strokePoints.slice(index, index + MAX_POINTS);
      const isLastPart = index + MAX_POINTS >= strokePoints.length;
      waiting.push({ kind: 'ink', strokeId, points, isEnd: isEnd && isLastPart });
    }
    // The next part begins where this one ends, so that an end can be said even when nothing was added.
    strokePoints = isEnd ? [] : [last];
  }

  function drawTo(place: SharedPlace): void {
    host.show([{ kind: 'ink', strokeId, points: [place], isEnd: false }]);
    strokePoints.push(place);
    freshPoints += 1;
    timer ??= setTimeout(flush, SEND_EVERY_MS);
  }

  function endStroke(): void {
    if (!isDrawing) return;
    isDrawing = false;
    sealStroke(true);
    flush();
    strokeId += 1;
  }

  return {
    start(next) {
      endStroke();
      if (tool === 'point') queue({ kind: 'pointer', at: null });
      if (tool === 'laser') queue({ kind: 'laser', at: null });
      if (tool === 'highlight' && highlighted !== null) {
        highlighted = null;
        queue({ kind: 'highlight', nodeId: null });
      }
      tool = next;
    },
    move(point, isPressed) {
      const place = host.findPlaces()?.toPlace(point);
      if (place === undefined) return;
      if (tool === 'point') queue({ kind: 'pointer', at: place });
      if (tool === 'laser') queue({ kind: 'laser', at: place });
      if (tool === 'ink' && isDrawing) {
        if (isPressed) drawTo(place);
        else endStroke();
      }
    },
    press(point) {
      const place = host.findPlaces()?.toPlace(point);
      if (place === undefined) return;
      if (tool === 'ink') {
        isDrawing = true;
        drawTo(place);
      }
      if (tool === 'highlight') {
        highlighted = highlighted === place.nodeId ? null : place.nodeId;
        queue({ kind: 'highlight', nodeId: highlighted });
      }
    },
    release: endStroke,
    leave() {
      endStroke();
      if (tool === 'point') queue({ kind: 'pointer', at: null });
      if (tool === 'laser') queue({ kind: 'laser', at: null });
    },
    close() {
      clearTimeout(timer);
      waiting = [];
    },
  };
}
