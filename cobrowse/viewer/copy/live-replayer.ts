import { Replayer } from '@rrweb/replay';
import type { attributeMutation, incrementalData, serializedNodeWithId } from '@rrweb/types';

/** One copy of a page: built once from a snapshot, then changed by what happened there. */
export interface LiveReplayer {
  readonly frame: HTMLIFrameElement;
  readonly document: Document;
  build(snapshot: serializedNodeWithId): void;
  /** Changes of the document, its sheets, its fields and the selection. @throws when it does not fit what is here */
  apply(data: incrementalData): void;
  /** Gives what lies under the visitor's pointer the looks of being pointed at. */
  hover(node: Node): void;
  findNode(id: number): Node | undefined;
  /** 0 for what is not of the page. */
  idOf(node: Node): number;
  nodeIds(): number[];
  destroy(): void;
}

export interface ReplayerHooks {
  /** Before anything is built into a document, the page's own or that of a frame within. */
  onDocumentOpened(document: Document): void;
  onDocumentBuilt(document: Document): void;
  /** A node with the attributes it was sent with. */
  onNodeBuilt(node: Node, sent: attributeMutation['attributes']): void;
}

/**
 * What we use of the library's replayer besides its public face. Private there: this file is the one that knows, and
 * the version is pinned.
 *
 * The library plays a recording against a clock: it keeps every event for ever, sorts them by time stamps of the
 * visitor's clock, waits for animation frames that a hidden page never gets, and reports faults to the console. A live
 * view wants none of that, so events are applied at once and in order, and a fault is an exception of ours.
 */
interface ReplayerInside {
  iframe: HTMLIFrameElement;
  wrapper: HTMLElement;
  mediaManager: { isSupportedMediaElement(node: Node): boolean };
  rebuildFullSnapshot(event: object, isSync: boolean): void;
  applyIncremental(event: object, isSync: boolean): void;
  applyMutation(data: incrementalData, isSync: boolean): void;
  attachDocumentToIframe(mutation: object, frame: HTMLIFrameElement): void;
  insertStyleRules(): void;
  hoverElements(node: Node): void;
  getMirror(): {
    getNode(id: number): Node | null;
    getId(node: Node | null): number;
    getIds(): number[];
    getMeta(node: Node): serializedNodeWithId | null;
    removeNodeFromMap(node: Node): void;
  };
  destroy(): void;
}

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const MUTATION = 0;
/** The library reads the first event's time; with this one there is always a first event, and never a second. */
const FIRST_EVENT = { type: 0, timestamp: 0, data: {} };

/** @param root an element of this page, in the document and with a size */
export function createLiveReplayer(root: HTMLElement, hooks: ReplayerHooks): LiveReplayer {
  const silent = { log: () => {}, warn: () => {} };
  const made: unknown = new Replayer([FIRST_EVENT], {
    root,
    liveMode: true,
    // A virtual document is only ever written out by seeking, which a live view never does.
    useVirtualDom: false,
    mouseTail: false,
    triggerFocus: false,
    pauseAnimation: false,
    // NOTE: never. It would let the copy run scripts with the rights of this page.
    UNSAFE_replayCanvas: false,
    logger: silent,
    plugins: [{ onBuild: (node) => handleBuilt(node as Node) }],
  });
  const inside = made as ReplayerInside;
  const mirror = inside.getMirror();
  // What is gone takes its shadow tree along: known further, nodes of it would be put in again with all they held.
  const forget = mirror.removeNodeFromMap.bind(mirror);
  mirror.removeNodeFromMap = (node) => {
    forget(node);
    (node as Partial<Element>).shadowRoot?.childNodes.forEach((child) => mirror.removeNodeFromMap(child));
  };
  const frame = inside.iframe;
  frame.title = '';
  frame.tabIndex = -1;
  frame.style.display = 'block';
  inside.mediaManager.isSupportedMediaElement = () => false;
  // Its own rules would stand in the page's head and count there as a child.
  inside.insertStyleRules = () => {};
  const attachDocument = inside.attachDocumentToIframe.bind(inside);
  inside.attachDocumentToIframe = (mutation, inner) => {
    if (inner.contentDocument === null) return;
    hooks.onDocumentOpened(inner.contentDocument);
    attachDocument(mutation, inner);
    hooks.onDocumentBuilt(inner.contentDocument);
  };

  function handleBuilt(node: Node): void {
    const meta = mirror.getMeta(node);
    if (meta !== null && 'attributes' in meta)
      hooks.onNodeBuilt(node, meta.attributes as attributeMutation['attributes']);
  }

  function requireDocument(): Document {
    if (frame.contentDocument === null) throw new Error('The copy has lost its document.');
    return frame.contentDocument;
  }

  return {
    frame,
    get document() {
      return requireDocument();
    },
    build(node) {
      hooks.onDocumentOpened(requireDocument());
      inside.rebuildFullSnapshot({ type: FULL_SNAPSHOT, timestamp: 0, data: { node } }, true);
      const { documentElement } = requireDocument();
      documentElement.classList.remove('rrweb-paused');
      if (documentElement.className === '') documentElement.removeAttribute('class');
      hooks.onDocumentBuilt(requireDocument());
    },
    apply(data) {
      if ((data.source as number) === MUTATION) inside.applyMutation(data, false);
      else inside.applyIncremental({ type: INCREMENTAL, timestamp: 0, delay: 0, data }, false);
    },
    hover: (node) => inside.hoverElements(node),
    findNode: (id) => mirror.getNode(id) ?? undefined,
    idOf: (node) => Math.max(0, mirror.getId(node)),
    nodeIds: () => mirror.getIds(),
    destroy() {
      inside.destroy();
    },
  };
}
