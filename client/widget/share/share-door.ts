import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { ShareKind, ShareView } from '../../../protocol/sharing.ts';
import type { PopOut } from '../pop-out/pop-out.ts';
import type { Widget } from '../widget.ts';
import type { OpenShare } from './open-share.ts';
import type { ShareOffer } from './share-offer.ts';

export type ShareModule = typeof import('./share-module.ts');

/** What the server says about sharing in this conversation. */
export interface ShareTold {
  readonly page: ReadonlySignal<ShareView | null>;
  readonly screen: ReadonlySignal<ShareView | null>;
  readonly offer: ReadonlySignal<ShareOffer>;
}

/** Sharing as the rest of the widget knows it: small, and its own code comes when something is asked or offered. */
export interface ShareDoor {
  readonly opened: ReadonlySignal<{ open: OpenShare; module: ShareModule } | null>;
  readonly hasFailed: ReadonlySignal<boolean>;
  readonly offer: ReadonlySignal<ShareOffer>;
  /** What "Share this page" and "Share screen" may be shown for right now. */
  readonly canOffer: ReadonlySignal<Record<ShareKind, boolean>>;
  offerShare(kind: ShareKind): void;
  retry(): void;
  close(): void;
}

const NOTHING: ShareOffer = {
  offersCoBrowse: false,
  offersScreen: false,
  mayChangeScope: false,
  mayRecord: false,
  defaultGrants: [],
  offeredGrants: [],
  hasWatermark: false,
  openableOrigins: [],
  // Never used for a recording: without a site nothing is allowed.
  rules: { deny: ['*'], allow: [], isPrivateByDefault: true, readOnly: [], privatePaths: ['*'] },
};

export interface ShareDoorOptions {
  /** Whether this browser can show a screen. */
  canShowScreen: boolean;
  popOut: PopOut;
  load?: () => Promise<ShareModule>;
}

const loadModule = () => import('./share-module.ts');

export function createShareDoor(widget: Widget, options: ShareDoorOptions): ShareDoor {
  const { canShowScreen, popOut, load = loadModule } = options;
  const opened = signal<{ open: OpenShare; module: ShareModule } | null>(null);
  const hasFailed = signal(false);
  let loading: Promise<OpenShare> | undefined;

  const conversation = computed(() => {
    const { session } = widget.state.value;
    return session.phase === 'known' && session.conversation?.phase !== 'ended' ? session.conversation : null;
  });
  const findOpen = (kind: ShareKind) =>
    conversation.value?.shares.find((share) => share.kind === kind && share.phase !== 'ended') ?? null;
  const offer = computed(() => {
    const { session } = widget.state.value;
    return session.phase === 'known' ? session.site.sharing : NOTHING;
  });
  const told: ShareTold = {
    page: computed(() => findOpen('co-browse')),
    screen: computed(() => findOpen('screen')),
    offer,
  };
  const canOffer = computed(() => {
    const isActive = conversation.value?.phase === 'active';
    const isOffering = opened.value?.open.share.isOffering.value || opened.value?.open.screen.isOffering.value;
    const canNow = isActive && !isOffering;
    return {
      // Where the widget is a page of its own there is nothing around it to share.
      'co-browse': canNow && widget.isFramed && offer.value.offersCoBrowse && told.page.value === null,
      screen: canNow && offer.value.offersScreen && canShowScreen && told.screen.value === null,
    };
  });

  function ensure(): Promise<OpenShare> {
    hasFailed.value = false;
    loading ??= load()
      .then(async (module) => {
        const open = await module.openShare(widget, told, popOut);
        opened.value = { open, module };
        return open;
      })
      .catch((reason: unknown) => {
        loading = undefined;
        hasFailed.value = true;
        throw reason;
      });
    return loading;
  }

  const stop = effect(() => {
    if (told.page.value !== null || told.screen.value !== null) ensure().catch(() => undefined);
  });

  return {
    opened,
    hasFailed,
    offer,
    canOffer,
    offerShare(kind) {
      ensure().then(
        ({ share, screen }) => (kind === 'co-browse' ? share : screen).offer(),
        () => undefined,
      );
    },
    retry: () => void ensure().catch(() => undefined),
    close() {
      stop();
      opened.peek()?.open.close();
    },
  };
}
