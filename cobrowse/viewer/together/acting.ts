import type { ShareAct, ShareGrantName } from '../../../protocol/sharing.ts';
import type { PageCopy } from '../copy/page-copy.ts';
import { toScrollBox } from '../copy/scroll-keeper.ts';
import type { Stage } from '../stage.ts';
import type { ViewerWords } from '../viewer-words.ts';
import { findScrollable, findTargetRefusal, toLabelled } from './act-target.ts';
import { createFieldEditor } from './field-editor.ts';
import type { PagePlaces, Point } from './page-places.ts';

/** What the agent does on the visitor's page (B7). Checked here for a quick "no", by the visitor's browser for good. */
export interface Acting {
  click(point: Point): void;
  scroll(point: Point, deltaX: number, deltaY: number): void;
  /** True when the key went to the visitor's page. */
  press(key: string): boolean;
  handleMoved(): void;
  stop(): void;
}

export interface ActingHost {
  stage: Stage;
  findPlaces(): PagePlaces | undefined;
  findCopy(): PageCopy | undefined;
  mayDo(grant: ShareGrantName): boolean;
  words(): ViewerWords;
  send(act: ShareAct): void;
}

const SCROLL_EVERY_MS = 80;
/** After this the visitor's own position counts again as where a scroll begins. */
const SCROLL_REST_MS = 600;
const KEYS = new Set(['Enter', 'Escape', 'Tab', 'Backspace']);

interface Scrolling {
  nodeId: number | null;
  left: number;
  top: number;
  isWaiting: boolean;
  at: number;
}

export function createActing(host: ActingHost): Acting {
  /** What was clicked last: keys go there. */
  let target: number | undefined;
  const scrolling = new Map<number | null, Scrolling>();
  let scrollTimer: ReturnType<typeof setTimeout> | undefined;
  const editor = createFieldEditor({
    stage: host.stage,
    act: host.send,
    boxOf: (nodeId) => host.findPlaces()?.boxOf(nodeId),
    findElement(nodeId) {
      const node = host.findCopy()?.replayer.findNode(nodeId);
      return node?.nodeType === 1 && node.isConnected ? (node as Element) : undefined;
    },
    names: host.words,
  });

  function refuse(why: keyof ViewerWords['refused'], point: Point): void {
    const text = host.words().refused[why];
    host.stage.announce(text);
    showBeside(host.stage, point, text);
  }

  function sendScrolls(): void {
    scrollTimer = undefined;
    for (const each of scrolling.values()) {
      if (!each.isWaiting) continue;
      each.isWaiting = false;
      host.send({ kind: 'scroll', nodeId: each.nodeId, left: Math.round(each.left), top: Math.round(each.top) });
    }
  }

  return {
    click(point) {
      const places = host.findPlaces();
      const found = places?.elementAt(point);
      if (places === undefined || found === undefined) return;
      if (!host.mayDo('click-and-type')) return refuse('not-granted', point);
      const labelled = toLabelled(found);
      const refusal = findTargetRefusal(found) ?? findTargetRefusal(labelled);
      if (refusal !== undefined) return refuse(refusal, point);
      const at = places.toPlace(point);
      if (at === undefined) return refuse('nothing-there', point);
      host.send({ kind: 'click', at });
      const known = places.knownElement(labelled);
      target = known?.nodeId;
      if (known !== undefined) editor.open(known.nodeId, known.element);
    },
    scroll(point, deltaX, deltaY) {
      const copy = host.findCopy();
      const places = host.findPlaces();
      if (copy === undefined || places === undefined) return;
      if (!host.mayDo('scroll')) return refuse('not-granted', point);
      const under = places.elementAt(point);
      const scrollable = under === undefined ? null : findScrollable(under, deltaX, deltaY);
      const known = scrollable === null ? undefined : places.knownElement(scrollable);
      const box = known?.element ?? toScrollBox(copy.replayer.document);
      if (box === undefined) return;
      const nodeId = known?.nodeId ?? null;
      const now = performance.now();
      const before = scrolling.get(nodeId);
      const start =
        before !== undefined && now - before.at < SCROLL_REST_MS
          ? before
          : { left: box.scrollLeft, top: box.scrollTop };
      scrolling.set(nodeId, {
        nodeId,
        left: clamp(start.left + deltaX, box.scrollWidth - box.clientWidth),
        top: clamp(start.top + deltaY, box.scrollHeight - box.clientHeight),
        isWaiting: true,
        at: now,
      });
      scrollTimer ??= setTimeout(sendScrolls, SCROLL_EVERY_MS);
    },
    press(key) {
      if (target === undefined || !KEYS.has(key) || !host.mayDo('click-and-type')) return false;
      host.send({ kind: 'press', nodeId: target, key: key as 'Enter' });
      // A second Escape or Tab is the agent's own: nobody is caught in here.
      if (key === 'Escape' || key === 'Tab') target = undefined;
      return true;
    },
    handleMoved: editor.follow,
    stop() {
      clearTimeout(scrollTimer);
      scrollTimer = undefined;
      scrolling.clear();
      target = undefined;
      editor.close();
    },
  };
}

function clamp(value: number, longest: number): number {
  return Math.max(0, Math.min(value, Math.max(0, longest)));
}

const NOTICE_MS = 2_500;

function showBeside(stage: Stage, { x, y }: Point, text: string): void {
  const notice = document.createElement('div');
  notice.className = 'viewer-refusal';
  notice.textContent = text;
  notice.style.left = `${x * stage.scale}px`;
  notice.style.top = `${y * stage.scale}px`;
  stage.fields.querySelector('.viewer-refusal')?.remove();
  stage.fields.append(notice);
  setTimeout(() => notice.remove(), NOTICE_MS);
}
