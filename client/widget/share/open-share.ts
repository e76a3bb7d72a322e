import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { captureScreen } from '../../../media/browser/screen-capture.ts';
import type { PageScheme, ShareKind, ShareView } from '../../../protocol/sharing.ts';
import { openStorage } from '../../connection/safe-storage.ts';
import { language } from '../../ui/language.ts';
import type { PopOut } from '../pop-out/pop-out.ts';
import type { Widget } from '../widget.ts';
import type { ShareTold } from './share-door.ts';
import type { ShareOffer } from './share-offer.ts';
import { claimTabId, createShareMemory } from './share-memory.ts';
import { createVisitorScreen, type VisitorScreen } from './visitor-screen.ts';
import type { VisitorShare } from './share-model.ts';
import { createVisitorShare } from './visitor-share.ts';
import { sayVisitorShare as say } from './visitor-share-texts.ts';

/** Sharing of this tab, as the screens use it. */
export interface OpenShare {
  readonly share: VisitorShare;
  readonly screen: VisitorScreen;
  readonly offer: ReadonlySignal<ShareOffer>;
  /** Whose "CHANGE SHARING" is to open as soon as the panel shows it. */
  readonly changing: Signal<ShareKind | null>;
  close(): void;
}

/** Joins sharing with the widget around it. */
export async function openShare(widget: Widget, told: ShareTold, popOut: PopOut): Promise<OpenShare> {
  const tab = openStorage('session');
  const tabId = await claimTabId(widget.siteKey, tab, globalThis.navigator?.locks);
  /** The panel was put away so that something on the page could be chosen. */
  let hasMadeRoom = false;

  const findKnown = () => {
    const { session } = widget.state.value;
    return session.phase === 'known' ? session : null;
  };
  const findConversation = () => findKnown()?.conversation ?? null;
  const common = {
    link: widget.connection,
    conversationId: () => findConversation()?.conversationId ?? null,
    learn: (share: ShareView) => widget.dispatch({ kind: 'share-changed', share }),
  };
  const darkness = matchMedia('(prefers-color-scheme: dark)');
  const readScheme = (): PageScheme => (darkness.matches ? 'dark' : 'light');
  const scheme = signal(readScheme());
  const handleScheme = (): void => void (scheme.value = readScheme());
  darkness.addEventListener('change', handleScheme);
  const share = createVisitorShare({
    ...common,
    memory: createShareMemory(tabId, widget.siteKey, openStorage('local'), tab),
    told: told.page,
    offer: told.offer,
    page: widget.page,
    language,
    accent: () => findKnown()?.site.accent ?? null,
    sayWatermark: () => say('watermark', { name: findConversation()?.agent?.name ?? '' }),
    loadScript: widget.loadScript,
    makeRoom() {
      if (!widget.isFramed || widget.screen.peek().at !== 'panel') return;
      hasMadeRoom = true;
      widget.dispatch({ kind: 'closed' });
    },
    hasOwnWindow: computed(() => popOut.shell.value !== null),
    isFront: () => document.visibilityState === 'visible',
    scheme,
  });
  const screen = createVisitorScreen({
    connection: widget.connection,
    told: told.screen,
    isLooking: computed(() => widget.screen.value.at === 'panel' || popOut.shell.value !== null),
    async capture(style, mayShowThisTab) {
      if (popOut.shell.peek() === null) return captureScreen(style, mayShowThisTab);
      const { captureInWindow } = await import('../pop-out/capture-in-window.ts');
      return captureInWindow(popOut.shell, style, mayShowThisTab);
    },
    conversationId: common.conversationId,
    learn: common.learn,
  });
  const stop = effect(() => {
    if (share.picking.value !== null || !hasMadeRoom) return;
    hasMadeRoom = false;
    widget.dispatch({ kind: 'opened' });
  });
  return {
    share,
    screen,
    offer: told.offer,
    changing: signal<ShareKind | null>(null),
    close() {
      stop();
      darkness.removeEventListener('change', handleScheme);
      share.close();
      screen.close();
    },
  };
}
