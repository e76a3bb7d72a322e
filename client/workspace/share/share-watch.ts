import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { FromViewer, ViewerTool } from '../../../cobrowse/viewer/viewer-messages.ts';
import type { ShareId } from '../../../protocol/ids.ts';
import type { ShareAct, ShareGrantName, SharedTab } from '../../../protocol/sharing.ts';
import type { Clock } from '../../connection/clock.ts';
import { createRandomId } from '../../connection/random-id.ts';
import { toRequestError } from '../../connection/request-error.ts';
import type { AgentConnection } from '../desk.ts';
import { createActNews, type Refusal } from './act-news.ts';
import type { PageSight } from './page-sight.ts';
import { isToolGiven } from './tool-grants.ts';
import { createViewerPort } from './viewer-port.ts';

/** What this page looks at, and what may be done there. */
export interface ShareWatch {
  readonly tabs: ReadonlySignal<readonly SharedTab[]>;
  /** The tab on the screen: the one the agent chose, else the one the visitor looks at. */
  readonly shownTab: ReadonlySignal<SharedTab | null>;
  readonly isFollowingTabs: ReadonlySignal<boolean>;
  /** `cleared`: nothing may be shown until the visitor's page sends something new. */
  readonly picture: ReadonlySignal<'waiting' | 'shown' | 'cleared'>;
  /** What cannot be carried over, counted by reason. */
  readonly notShown: ReadonlySignal<Readonly<Record<string, number>>>;
  /** Why the last act did not happen, until it is read. */
  readonly refusal: ReadonlySignal<Refusal | null>;
  /** The visitor is being asked whether another page may be opened. */
  readonly isOpening: ReadonlySignal<boolean>;
  readonly tool: ReadonlySignal<ViewerTool>;
  readonly fit: ReadonlySignal<'fit' | 'actual-size'>;
  readonly isFollowing: ReadonlySignal<boolean>;
  /** The viewer's frame has loaded and hands over its end of the channel. */
  attach(port: MessagePort): void;
  /** Null follows the visitor. */
  chooseTab(tabId: string | null): void;
  setTool(tool: ViewerTool): void;
  setFit(fit: 'fit' | 'actual-size'): void;
  setFollowing(isOn: boolean): void;
  setGrants(grants: readonly ShareGrantName[]): void;
  setLook(look: ViewerLook): void;
  act(act: ShareAct): void;
  /** Says why something cannot be done, as if the visitor's page had refused. */
  refuse(refusal: Refusal): void;
  dismissRefusal(): void;
  close(): void;
}

export interface ViewerLook {
  language: 'en' | 'de';
  scheme: 'light' | 'dark';
  visitorName: string;
  /** Text over the shared page. */
  watermark: string;
}

export interface ShareWatchOptions {
  connection: Pick<AgentConnection, 'on' | 'onConnected' | 'request' | 'signal'>;
  shareId: ShareId;
  clock: Clock;
  sight: PageSight;
}

/** A glance at another window should not make the visitor's page begin anew. */
const UNSEEN_MS = 10_000;
/** The share has ended or is somebody else's by now; its own news says so. */
const OVER = new Set(['share-ended', 'not-found', 'forbidden']);

/**
 * Watches one shared page for as long as it can be seen: asks for its frames, hands them to the viewer, and carries back
 * what the viewer has to say. While nobody watches, the visitor's page sends nothing.
 */
export function createShareWatch({ connection, shareId, clock, sight }: ShareWatchOptions): ShareWatch {
  const tabs = signal<readonly SharedTab[]>([]);
  const shownTab = signal<SharedTab | null>(null);
  const isFollowingTabs = signal(true);
  const picture = signal<'waiting' | 'shown' | 'cleared'>('waiting');
  const notShown = signal<Readonly<Record<string, number>>>({});
  const tool = signal<ViewerTool>('look');
  const fit = signal<'fit' | 'actual-size'>('fit');
  const isFollowing = signal(true);
  const news = createActNews();
  let chosenTabId: string | null = null;
  let look: ViewerLook | null = null;
  let grants: readonly ShareGrantName[] = [];
  let assetPath: string | null = null;
  let scopeNumber = -1;
  let isWatching = true;
  let isClosed = false;
  let forgetUnseen = (): void => undefined;

  const viewer = createViewerPort({
    onReady(isAgain) {
      tellState();
      // What it was shown went with the page that it was.
      if (isAgain) void watchAgain();
    },
    onMessage: (message) => {
      if (!isClosed) hear(message);
    },
  });

  function tellState(): void {
    tellLook();
    viewer.tell({ type: 'fit', fit: fit.peek() });
    viewer.tell({ type: 'follow', isOn: isFollowing.peek() });
    viewer.tell({ type: 'tool', tool: tool.peek() });
    viewer.tell({ type: 'grants', grants });
    tellTab(shownTab.peek());
  }

  function tellLook(): void {
    if (look === null || assetPath === null) return;
    const { language, scheme, visitorName, watermark } = look;
    viewer.tell({ type: 'look', language, scheme, assetPath, visitorName });
    viewer.tell({ type: 'watermark', text: watermark });
  }

  function tellTab(tab: SharedTab | null): void {
    if (tab === null) return;
    const { tabId, epoch, scheme } = tab;
    viewer.tell({ type: 'show-tab', tabId, epoch, ...(scheme !== undefined && { scheme }) });
    if (tab.state === 'navigating') viewer.tell({ type: 'navigating' });
  }

  function settleTabs(next: readonly SharedTab[]): void {
    tabs.value = next;
    const chosen = next.find(({ tabId }) => tabId === chosenTabId);
    if (!chosen) chosenTabId = null;
    isFollowingTabs.value = chosenTabId === null;
    const before = shownTab.peek();
    const shown = chosen ?? next.find(({ isFront }) => isFront) ?? next.at(-1) ?? null;
    shownTab.value = shown;
    // Its last page was closed: what was on the screen is not there any more.
    if (shown === null && picture.peek() === 'shown') picture.value = 'waiting';
    const isSame =
      before?.tabId === shown?.tabId &&
      before?.epoch === shown?.epoch &&
      before?.state === shown?.state &&
      before?.scheme === shown?.scheme;
    if (before?.tabId !== shown?.tabId) notShown.value = {};
    if (!isSame) tellTab(shown);
  }

  function clear(to: number): void {
    scopeNumber = to;
    picture.value = 'cleared';
    notShown.value = {};
    viewer.tell({ type: 'clear', scopeNumber: to });
  }

  function begin(watching: { tabs: SharedTab[]; assetPath: string; scopeNumber: number }): void {
    assetPath = watching.assetPath;
    // What is shared has changed while this page was away.
    if (scopeNumber >= 0 && watching.scopeNumber > scopeNumber) clear(watching.scopeNumber);
    scopeNumber = Math.max(scopeNumber, watching.scopeNumber);
    tellLook();
    settleTabs(watching.tabs);
  }

  async function watch(request: AgentConnection['request']): Promise<void> {
    if (isClosed || !isWatching) return;
    try {
      const watching = await request('share:watch-stream', { shareId });
      if (!isClosed && isWatching) begin(watching);
    } catch (thrown) {
      if (!OVER.has(toRequestError(thrown).code)) throw thrown;
    }
  }

  /** A failure here is made good when the connection comes back. */
  function watchAgain(): Promise<void> {
    return watch(connection.request).catch(() => undefined);
  }

  function unwatch(): void {
    connection.request('share:unwatch-stream', { shareId }).catch(() => undefined);
  }

  function handleSight(isSeen: boolean): void {
    forgetUnseen();
    if (isSeen && !isWatching) {
      isWatching = true;
      void watchAgain();
    } else if (!isSeen && isWatching) {
      forgetUnseen = clock.after(UNSEEN_MS, () => {
        isWatching = false;
        unwatch();
      });
    }
  }

  function setTool(next: ViewerTool): void {
    tool.value = next;
    viewer.tell({ type: 'tool', tool: next });
  }

  function sendAct(place: { tabId: string; epoch: number }, actId: string, act: ShareAct): void {
    news.handleAsked(actId, act);
    const { tabId, epoch } = place;
    connection
      .request('share:ask-act', { shareId, tabId, epoch, actId, act })
      .catch((thrown: unknown) => news.handleFault(actId, toRequestError(thrown).code));
  }

  function hear(message: Exclude<FromViewer, { type: 'ready' }>): void {
    switch (message.type) {
      case 'shown':
        if (message.tabId === shownTab.peek()?.tabId) picture.value = 'shown';
        return;
      case 'confirm': {
        const { tabId, epoch, seq } = message;
        return connection.signal('share:confirm-frames', { shareId, tabId, epoch, seq });
      }
      case 'resync': {
        const { tabId, epoch, because } = message;
        connection.request('share:resync-stream', { shareId, tabId, epoch, because }).catch(() => undefined);
        return;
      }
      case 'marks': {
        const { tabId, epoch, marks } = message;
        return connection.signal('share:send-marks', { shareId, tabId, epoch, marks: [...marks] });
      }
      case 'act':
        return sendAct(message, message.actId, message.act);
      case 'not-shown':
        notShown.value = message.reasons;
        return;
      case 'viewport':
        return;
    }
  }

  const endings = [
    connection.onConnected(({ request }) => watch(request)),
    connection.on('share:frame-arrived', (frame) => {
      if (frame.shareId !== shareId || !isWatching) return;
      const { tabId, epoch, seq, isKey, isLast } = frame;
      if (frame.scopeNumber < scopeNumber) return;
      const data = toArrayBuffer(frame.data);
      viewer.tell({ type: 'frame', tabId, epoch, scopeNumber: frame.scopeNumber, seq, isKey, isLast, data });
    }),
    connection.on('share:view-cleared', (event) => {
      if (event.shareId === shareId) clear(event.scopeNumber);
    }),
    connection.on('share:tabs-changed', (event) => {
      if (event.shareId === shareId) settleTabs(event.tabs);
    }),
    connection.on('share:marks-made', ({ tabId, name, marks, ...event }) => {
      if (event.shareId === shareId && tabId === shownTab.peek()?.tabId) viewer.tell({ type: 'marks', name, marks });
    }),
    connection.on('share:act-answered', (event) => {
      if (event.shareId === shareId) news.handleAnswered(event.actId, event.refusal);
    }),
    sight.follow(handleSight),
  ];

  return {
    tabs,
    shownTab,
    isFollowingTabs,
    picture,
    notShown,
    refusal: news.refusal,
    isOpening: news.isOpening,
    tool,
    fit,
    isFollowing,
    attach: viewer.attach,
    chooseTab(tabId) {
      chosenTabId = tabId;
      settleTabs(tabs.peek());
    },
    setTool,
    setFit(next) {
      fit.value = next;
      viewer.tell({ type: 'fit', fit: next });
    },
    setFollowing(isOn) {
      isFollowing.value = isOn;
      viewer.tell({ type: 'follow', isOn });
    },
    setGrants(next) {
      grants = next;
      viewer.tell({ type: 'grants', grants: next });
      if (!isToolGiven(tool.peek(), next)) setTool('look');
    },
    setLook(next) {
      look = next;
      tellLook();
    },
    act(act) {
      const tab = shownTab.peek();
      if (tab) sendAct(tab, createRandomId(), act);
    },
    refuse: news.refuse,
    dismissRefusal: news.dismiss,
    close() {
      if (isClosed) return;
      isClosed = true;
      forgetUnseen();
      for (const end of endings) end();
      if (isWatching) unwatch();
      viewer.close();
    },
  };
}

/** Binary data comes as an `ArrayBuffer` in a browser, whatever the contract's type says for the server. */
function toArrayBuffer(data: Uint8Array | ArrayBuffer): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data;
  const copy = new ArrayBuffer(data.byteLength);
  new Uint8Array(copy).set(data);
  return copy;
}
