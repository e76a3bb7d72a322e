import type { ShareMark, SharedPlace } from '../../../protocol/sharing.ts';
import type { FromRecorder } from '../recorder-messages.ts';
import { isElement, type Point } from './composed-tree.ts';
import { guarded } from './guarded.ts';
import type { Layer } from './layer.ts';
import type { Marks } from './marks.ts';
import type { PagePlaces } from './page-places.ts';
import { swallowInput } from './swallow-input.ts';

export type VisitorTool = 'none' | 'laser' | 'ink';

/** The visitor points or draws on the own page; meanwhile the page is not operated. */
export interface VisitorTools {
  set(tool: VisitorTool): void;
}

export interface VisitorToolsOptions {
  layer: Layer;
  marks: Marks;
  places: PagePlaces;
  isOwn(node: Node): boolean;
  post(message: FromRecorder): void;
}

/** The server takes 40 messages a second of at most 64 points each, and 80 at once (SH53). */
const SEND_EVERY_MS = 40;
const MAX_POINTS = 64;

export function createVisitorTools({ layer, marks, places, isOwn, post }: VisitorToolsOptions): VisitorTools {
  let current: VisitorTool = 'none';
  let stop: (() => void) | undefined;

  function begin(tool: 'laser' | 'ink'): void {
    const shield = layer.add('div', 'shield');
    shield.style.cursor = 'crosshair';
    shield.style.touchAction = 'none';
    let strokeId = 0;
    let isPressed = false;
    let unsent: SharedPlace[] = [];
    let lastPlace: SharedPlace | undefined;
    let laser: SharedPlace | null | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const send = guarded((isEnd?: boolean) => {
      clearTimeout(timer);
      timer = undefined;
      const sending: ShareMark[] = [];
      if (laser !== undefined) sending.push({ kind: 'laser', at: laser });
      for (let at = 0; at < unsent.length; at += MAX_POINTS) {
        const isLast = at + MAX_POINTS >= unsent.length;
        sending.push({
          kind: 'ink',
          strokeId,
          points: unsent.slice(at, at + MAX_POINTS),
          isEnd: isEnd === true && isLast,
        });
      }
      laser = undefined;
      unsent = [];
      if (sending.length > 0) post({ type: 'marks', marks: sending });
    });
    const sendSoon = (): void => {
      timer ??= setTimeout(send, SEND_EVERY_MS);
    };
    const draw = (point: Point): void => {
      const place = places.toPlace(point);
      if (!place) return;
      lastPlace = place;
      unsent.push(place);
      marks.show('', [{ kind: 'ink', strokeId, points: [place], isEnd: false }]);
      sendSoon();
    };
    const endStroke = (): void => {
      if (!isPressed) return;
      isPressed = false;
      // An end has to be said with a point, also when all of them have been sent.
      if (unsent.length === 0 && lastPlace) unsent.push(lastPlace);
      send(true);
      strokeId += 1;
    };

    const stopSwallowing = swallowInput({
      isDrawing: true,
      isLetThrough: ({ target }) => isElement(target) && isOwn(target) && !layer.owns(target),
      onPress(point) {
        if (tool !== 'ink') return;
        isPressed = true;
        draw(point);
      },
      onMove(point) {
        if (tool === 'ink') {
          if (isPressed) draw(point);
          return;
        }
        laser = places.toPlace(point) ?? null;
        marks.show('', [{ kind: 'laser', at: laser }]);
        sendSoon();
      },
      onRelease: endStroke,
      onKey() {
        set('none');
        post({ type: 'tool-ended' });
      },
      keys: ['Escape'],
      mayType: true,
    });
    stop = () => {
      stop = undefined;
      endStroke();
      if (tool === 'laser') {
        laser = null;
        marks.show('', [{ kind: 'laser', at: null }]);
      }
      send();
      stopSwallowing();
      layer.remove(shield);
    };
  }

  const set = guarded((tool: VisitorTool) => {
    if (tool === current) return;
    current = tool;
    stop?.();
    if (tool !== 'none') begin(tool);
  });
  return { set };
}
