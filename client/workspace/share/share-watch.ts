import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { FromViewer, ToViewer, ViewerTool } from '../../../cobrowse/viewer/viewer-messages.ts';
import type { ShareId } from '../../../protocol/ids.ts';
import type { ActRefusal, ShareGrantName, SharedTab } from '../../../protocol/sharing.ts';
import { toRequestError } from '../../connection/request-error.ts';
import type { AgentConnection } from '../desk.ts';
import { readViewerMessage } from './read-viewer-message.ts';

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
  readonly refusal: ReadonlySignal<ActRefusal | 'unanswered' | null>;
  readonly tool: ReadonlySignal<ViewerTool>;
  readonly fit: ReadonlySignal<'fit' | 'actual-size'>;
  readonly isFollowing: ReadonlySignal<boolean>;
  /** The viewer's frame has loaded and hands over its end of the channel. */
  attach(port: MessagePort): void;
  chooseTab(tabId: string | null): void;
  setTool(tool: ViewerTool): void;
  setFit(fit: 'fit' | 'actual-size'): void;
  setFollowing(isOn: boolean): void;
  setGrants(grants: readonly ShareGrantName[]): void;
  setLook(look: ViewerLook): void;
  dismissRefusal(): void;
  close(): void;
}

export interface ViewerLook {
  language: 'en' | 'de';
  scheme: 'light' | 'dark';
  visitorName: string;
  /** Text over the shared page; null where the site wants none. */
  watermark: string | null;
}

type Link = Pick<AgentConnection, 'on' | 'onConnected' | 'request' | 'signal'>;

/**
 * Watches one shared page for as long as it is on the screen: asks for its frames, hands them to the viewer, and
 * carries back what the viewer has to say. While nobody watches, the visitor's page sends nothing.
 */
export function createShareWatch(connection: Link, shareId: ShareId): ShareWatch {
  const tabs = signal<readonly SharedTab[]>([]);
  const chosenTabId = signal<string | null>(null);
  const shownTab = signal<SharedTab | null>(null);
  const picture = signal<'waiting' | 'shown' | 'cleared'>('waiting');
  const notShown = signal<Readonly<Record<string, number>>>({});
  const refusal = signal<ActRefusal | 'unanswered' | null>(null);
  const tool = signal<ViewerTool>('look');
  const fit = signal<'fit' | 'actual-size'>('fit');
  const isFollowing = signal(true);
  const isFollowingTabs = signal(true);
  let look: ViewerLook | null = null;
  let grants: readonly ShareGrantName[] = [];
  let assetPath: string | null = null;
  let port: MessagePort | null = null;
  let isReady = false;
  /** What came before the frame of the viewer had loaded; a key frame makes what came before it needless. */
  let early: ToViewer[] = [];
  let isClosed = false;

  const tell = (message: ToViewer, transfer: Transferable[] = []): void => {
    if (isReady && port) port.postMessage(message, transfer);
    else if (message.type === 'frame' || message.type === 'clear') early.push(message);
  };

  const tellAll = (): void => {
    if (look && assetPath !== null) {
      const { language, scheme, visitorName } = look;
      tell({ type: 'look', language, scheme, assetPath, visitorName });
      tell({ type: 'watermark', text: look.watermark });
    }
    tell({ type: 'fit', fit: fit.peek() });
    tell({ type: 'follow', isOn: isFollowing.peek() });
    tell({ type: 'tool', tool: tool.peek() });
    tell({ type: 'grants', grants });
  };

  const settleShownTab = (): void => {
    const all = tabs.peek();
    const chosen = all.find(({ tabId }) => tabId === chosenTabId.peek());
    if (!chosen) chosenTabId.value = null;
    const before = shownTab.peek();
    const next = chosen ?? all.find(({ isFront }) => isFront) ?? all.at(-1) ?? null;
    isFollowingTabs.value = chosenTabId.peek() === null;
    shownTab.value = next;
    if (next === null) return;
    if (before?.tabId !== next.tabId || before.epoch !== next.epoch) {
      tell({ type: 'show-tab', tabId: next.tabId, epoch: next.epoch });
    }
    if (next.state === 'navigating' && before?.state !== 'navigating') tell({ type: 'navigating' });
  };

  const begin = (watching: { tabs: SharedTab[]; assetPath: string }): void => {
    assetPath = new URL(watching.assetPath, location.href).href;
    tellAll();
    tabs.value = watching.tabs;
    settleShownTab();
  };

  const hear = (message: FromViewer): void => {
    switch (message.type) {
      case 'ready': {
        isReady = true;
        tellAll();
        const shown = shownTab.peek();
        if (shown) tell({ type: 'show-tab', tabId: shown.tabId, epoch: shown.epoch });
        for (const kept of early.splice(0)) tell(kept, kept.type === 'frame' ? [kept.data] : []);
        return;
      }
      case 'shown':
        picture.value = 'shown';
        return;
      case 'confirm':
        connection.signal('share:confirm-frames', { shareId, ...toPlace(message), seq: message.seq });
        return;
      case 'resync': {
        const { because } = message;
        connection.request('share:resync-stream', { shareId, ...toPlace(message), because }).catch(() => undefined);
        return;
      }
      case 'marks':
        connection.signal('share:send-marks', { shareId, ...toPlace(message), marks: [...message.marks] });
        return;
      case 'act': {
        const { act, actId } = message;
        refusal.value = null;
        connection.request('share:ask-act', { shareId, ...toPlace(message), actId, act }).catch((thrown: unknown) => {
          const { code } = toRequestError(thrown);
          refusal.value = code === 'forbidden' || code === 'share-not-allowed' ? 'not-granted' : 'unanswered';
        });
        return;
      }
      case 'not-shown':
        notShown.value = message.reasons;
        return;
      case 'viewport':
        return;
    }
  };

  const endings = [
    connection.onConnected(async ({ request }) => {
      if (isClosed) return;
      const watching = await request('share:watch-stream', { shareId }).catch((thrown: unknown) => {
        // The share ended while the line was away: its own news says so.
        const { code } = toRequestError(thrown);
        if (code === 'share-ended' || code === 'not-found' || code === 'forbidden') return null;
        throw thrown;
      });
      if (watching && !isClosed) begin(watching);
    }),
    connection.on('share:frame-arrived', (frame) => {
      if (frame.shareId !== shareId) return;
      const { tabId, epoch, scopeNumber, seq, isKey, isLast } = frame;
      const data = toArrayBuffer(frame.data);
      tell({ type: 'frame', tabId, epoch, scopeNumber, seq, isKey, isLast, data }, [data]);
    }),
    connection.on('share:view-cleared', (event) => {
      if (event.shareId !== shareId) return;
      early = [];
      picture.value = 'cleared';
      notShown.value = {};
      tell({ type: 'clear', scopeNumber: event.scopeNumber });
    }),
    connection.on('share:tabs-changed', (event) => {
      if (event.shareId !== shareId) return;
      tabs.value = event.tabs;
      settleShownTab();
    }),
    connection.on('share:marks-made', (event) => {
      if (event.shareId !== shareId || event.tabId !== shownTab.peek()?.tabId) return;
      if (event.from === 'visitor') tell({ type: 'marks', name: event.name, marks: event.marks });
    }),
    connection.on('share:act-answered', (event) => {
      if (event.shareId === shareId) refusal.value = event.refusal;
    }),
  ];

  return {
    tabs,
    shownTab,
    isFollowingTabs,
    picture,
    notShown,
    refusal,
    tool,
    fit,
    isFollowing,
    attach(handed) {
      port?.close();
      isReady = false;
      port = handed;
      handed.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const message = readViewerMessage(data);
        if (message && !isClosed) hear(message);
      });
      handed.start();
    },
    chooseTab(tabId) {
      chosenTabId.value = tabId;
      settleShownTab();
    },
    setTool(next) {
      tool.value = next;
      tell({ type: 'tool', tool: next });
    },
    setFit(next) {
      fit.value = next;
      tell({ type: 'fit', fit: next });
    },
    setFollowing(isOn) {
      isFollowing.value = isOn;
      tell({ type: 'follow', isOn });
    },
    setGrants(next) {
      grants = next;
      tell({ type: 'grants', grants: next });
    },
    setLook(next) {
      look = next;
      tellAll();
    },
    dismissRefusal: () => void (refusal.value = null),
    close() {
      if (isClosed) return;
      isClosed = true;
      for (const end of endings) end();
      connection.request('share:unwatch-stream', { shareId }).catch(() => undefined);
      port?.close();
      early = [];
    },
  };
}

function toPlace({ tabId, epoch }: { tabId: string; epoch: number }): { tabId: string; epoch: number } {
  return { tabId, epoch };
}

/** Binary data comes as an `ArrayBuffer` in a browser, whatever the contract's type says for the server. */
function toArrayBuffer(data: Uint8Array | ArrayBuffer): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data;
  const copy = new ArrayBuffer(data.byteLength);
  new Uint8Array(copy).set(data);
  return copy;
}
