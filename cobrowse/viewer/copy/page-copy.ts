import type { attributeMutation, incrementalData, serializedNodeWithId } from '@rrweb/types';
import type { OwnEvents, StreamEvent } from '../../stream-events.ts';
import type { AssetPlace } from '../cleaning/asset-addresses.ts';
import { cleanChange, cleanSnapshot, SOURCE } from '../cleaning/clean-events.ts';
import { UnshowableError } from '../cleaning/clean-node.ts';
import { cleanCss } from '../cleaning/clean-css.ts';
import { applyState } from './element-states.ts';
import { mendElementNames } from './element-names.ts';
import { createLiveReplayer, type LiveReplayer } from './live-replayer.ts';
import { digestCopy } from './mirror-digest.ts';
import { NOT_SHOWN_REASONS } from './not-shown.ts';
import { keepFocusFromDialogs } from './open-quietly.ts';
import { createOwnStyles, NOT_SHOWN_ATTRIBUTE, type CopyWords } from './own-styles.ts';
import { createScrollKeeper, type ScrollKeeper } from './scroll-keeper.ts';

/** What happens on the visitor's page besides its content. */
export interface PageNews {
  onSize(width: number, height: number): void;
  onViewport(viewport: OwnEvents['foyer:viewport']): void;
  /** In CSS pixels of the visitor's window; `waitMs` is when, counted from now. */
  onPointer(point: { x: number; y: number; waitMs: number }): void;
  onPress(point: { x: number; y: number }): void;
  /** What the visitor's page counted, and what stands here. */
  onCompared(isSame: boolean): void;
  onNotShown(reasons: Record<string, number>): void;
  /** Something may have moved. */
  onChanged(): void;
}

/** A visitor's page of one epoch, from one key frame on, as it stands in a frame of the viewer. */
export interface PageCopy {
  readonly replayer: LiveReplayer;
  readonly scroll: ScrollKeeper;
  /** The events of one frame in order. @throws when they do not fit; the copy is then of no further use */
  apply(events: readonly StreamEvent[]): void;
  readonly isBuilt: boolean;
  destroy(): void;
}

const EVENT = { snapshot: 2, change: 3, meta: 4, custom: 5 } as const;
const CLICK = 2;
const TOUCH_START = 7;
const MAX_FONT_CSS = 500_000;
const MAX_SIDE = 20_000;

export function createPageCopy(root: HTMLElement, place: AssetPlace, words: CopyWords, news: PageNews): PageCopy {
  const styles = createOwnStyles(words);
  const notShown = new Map<number, string>();
  let fontsNotShown = 0;
  const cleaning = {
    ...place,
    findElementName: (id: number) => {
      const node = replayer.findNode(id);
      return node?.nodeType === 3 ? node.parentNode?.nodeName : node?.nodeName;
    },
  };
  let isBuilt = false;
  let hasOwnSheets = false;

  const replayer: LiveReplayer = createLiveReplayer(root, {
    onDocumentOpened(document) {
      mendElementNames(document);
      keepFocusFromDialogs(document);
    },
    onDocumentBuilt(document) {
      styles.dress(document);
      // Pictures and fonts that come in make a page longer: places out of reach until then can be gone to.
      document.addEventListener('load', handleLoad, true);
    },
    onNodeBuilt(node, sent) {
      if (node.nodeName === 'CANVAS') styles.addCanvas(node as Element);
      readScroll(node, sent);
    },
  });
  const scroll = createScrollKeeper({
    findNode: replayer.findNode,
    pageDocumentId: () => replayer.idOf(replayer.document),
  });

  function handleLoad(): void {
    scroll.settle();
    news.onChanged();
  }

  /** A place within an element can be gone to only once the element stands in the document. */
  function readScroll(node: Node, sent: attributeMutation['attributes']): void {
    const [x, y] = [Number(sent['rr_scrollLeft'] ?? 0), Number(sent['rr_scrollTop'] ?? 0)];
    if (x !== 0 || y !== 0) scroll.record(replayer.idOf(node), x, y);
  }

  function build(data: { node: serializedNodeWithId; initialOffset?: { top?: unknown; left?: unknown } }): void {
    cleanSnapshot(data, place);
    replayer.build(data.node);
    isBuilt = true;
    // Told anew for each picture; a page that shows everything says nothing.
    notShown.clear();
    fontsNotShown = 0;
    news.onNotShown({});
    const { left, top } = data.initialOffset ?? {};
    scroll.record(replayer.idOf(replayer.document), Number(left ?? 0), Number(top ?? 0));
  }

  function change(data: incrementalData): void {
    switch (data.source as number) {
      case SOURCE.mouseMove:
      case SOURCE.touchMove:
      case SOURCE.drag:
        return movePointer(data as PointerData);
      case SOURCE.mouseInteraction:
        return press(data as { type: number; x?: unknown; y?: unknown });
      case SOURCE.scroll: {
        const { id, x, y } = data as { id: number; x: number; y: number };
        return scroll.record(id, x, y);
      }
      case SOURCE.resize: {
        const { width, height } = data as { width: unknown; height: unknown };
        return resize(width, height);
      }
    }
    if (!isBuilt) throw new UnshowableError('a change before the page');
    if ((data.source as number) === SOURCE.adoptedSheet) hasOwnSheets = true;
    if (cleanChange(data, cleaning)) replayer.apply(data);
  }

  type PointerData = { positions: { x: number; y: number; id: number; timeOffset: number }[] };
  function movePointer({ positions }: PointerData): void {
    if (!Array.isArray(positions)) return;
    const usable = positions
      .filter((position) => Number.isFinite(position?.x) && Number.isFinite(position.y))
      .slice(-100);
    const first = Number(usable[0]?.timeOffset ?? 0);
    for (const { x, y, timeOffset } of usable) {
      news.onPointer({ x, y, waitMs: Math.min(Math.max(0, Number(timeOffset) - first), 500) });
    }
    const under = replayer.findNode(usable.at(-1)?.id ?? 0);
    if (under !== undefined && isBuilt) replayer.hover(under);
  }

  function press({ type, x, y }: { type: number; x?: unknown; y?: unknown }): void {
    // Of mouse-down, mouse-up and click only one is to be seen.
    if ((type !== CLICK && type !== TOUCH_START) || typeof x !== 'number' || typeof y !== 'number') return;
    news.onPointer({ x, y, waitMs: 0 });
    news.onPress({ x, y });
  }

  function resize(width: unknown, height: unknown): void {
    if (typeof width !== 'number' || typeof height !== 'number' || !(width >= 1) || !(height >= 1)) return;
    news.onSize(Math.min(width, MAX_SIDE), Math.min(height, MAX_SIDE));
  }

  function applyOwn(tag: string, payload: unknown): void {
    if (typeof payload !== 'object' || payload === null) return;
    switch (tag as keyof OwnEvents) {
      case 'foyer:viewport':
        return applyViewport(payload as OwnEvents['foyer:viewport']);
      case 'foyer:state': {
        const state = payload as OwnEvents['foyer:state'];
        const element = replayer.findNode(state.nodeId);
        if (element?.nodeType === 1) applyState(element as Element, state, place);
        return;
      }
      case 'foyer:fonts': {
        const { css } = payload as OwnEvents['foyer:fonts'];
        if (typeof css === 'string' && css.length <= MAX_FONT_CSS) styles.addFonts(cleanCss(css, place));
        return;
      }
      case 'foyer:not-shown':
        return markNotShown(payload as OwnEvents['foyer:not-shown']);
      case 'foyer:digest':
        return compare(payload as OwnEvents['foyer:digest']);
      case 'foyer:route':
      case 'foyer:reduced':
        // The workspace learns both from the server.
        return;
    }
  }

  function applyViewport(viewport: OwnEvents['foyer:viewport']): void {
    const { width, height, offsetLeft, offsetTop, scale, devicePixelRatio } = viewport;
    const numbers = [width, height, offsetLeft, offsetTop, scale, devicePixelRatio];
    if (numbers.every((value) => Number.isFinite(value)) && scale > 0) news.onViewport(viewport);
  }

  function markNotShown({ nodes, fonts }: OwnEvents['foyer:not-shown']): void {
    if (!Array.isArray(nodes)) return;
    if (Number.isSafeInteger(fonts)) fontsNotShown = Number(fonts);
    for (const entry of nodes) {
      const reason = NOT_SHOWN_REASONS.find((known) => known === entry?.because);
      const node = replayer.findNode(entry?.nodeId);
      if (reason === undefined || node?.nodeType !== 1) continue;
      (node as Element).setAttribute(NOT_SHOWN_ATTRIBUTE, reason);
      if (node.nodeName === 'CANVAS') styles.addCanvas(node as Element);
      notShown.set(entry.nodeId, reason);
    }
    const counts: Record<string, number> = fontsNotShown > 0 ? { font: fontsNotShown } : {};
    for (const [id, reason] of notShown) {
      if (replayer.findNode(id) === undefined) notShown.delete(id);
      else counts[reason] = (counts[reason] ?? 0) + 1;
    }
    news.onNotShown(counts);
  }

  function compare({ nodeCount, digest }: OwnEvents['foyer:digest']): void {
    if (!isBuilt || !Number.isSafeInteger(nodeCount)) return;
    const own = digestCopy(replayer, nodeCount);
    news.onCompared(own.nodeCount === nodeCount && own.digest === digest);
  }

  return {
    replayer,
    scroll,
    get isBuilt() {
      return isBuilt;
    },
    apply(events) {
      for (const event of events) {
        const data: unknown = event.data;
        switch (event.type as number) {
          case EVENT.meta: {
            const { width, height } = data as { width: unknown; height: unknown };
            resize(width, height);
            break;
          }
          case EVENT.snapshot:
            build(data as Parameters<typeof build>[0]);
            break;
          case EVENT.change:
            change(data as incrementalData);
            break;
          case EVENT.custom: {
            const { tag, payload } = data as { tag: unknown; payload: unknown };
            if (typeof tag === 'string' && (isBuilt || tag === 'foyer:viewport')) applyOwn(tag, payload);
            break;
          }
        }
      }
      if (!isBuilt) return;
      if (hasOwnSheets) styles.dress(replayer.document);
      scroll.settle();
      news.onChanged();
    },
    destroy() {
      replayer.destroy();
    },
  };
}
