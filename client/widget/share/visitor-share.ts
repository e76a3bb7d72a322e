import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import { isPrivatePath } from '../../../cobrowse/private-paths.ts';
import type { ChosenScope, FromRecorder, PickedPart } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ConversationId } from '../../../protocol/ids.ts';
import type { PageScheme, ShareView } from '../../../protocol/sharing.ts';
import { systemClock, type Clock } from '../../connection/clock.ts';
import { createRandomId } from '../../connection/random-id.ts';
import { toRequestError } from '../../connection/request-error.ts';
import type { Language } from '../../ui/language.ts';
import { createFrameSqueezer, type FrameSqueezer } from './frame-squeezer.ts';
import { createOwnPauses } from './own-pauses.ts';
import { createRecorderLife } from './recorder-life.ts';
import { createRemoteActs } from './remote-acts.ts';
import { createShareDecisions } from './share-decisions.ts';
import type { ShareLink } from './share-link.ts';
import type { ShareMemory } from './share-memory.ts';
import type { Picking, ShareFault, VisitorShare } from './share-model.ts';
import type { ShareOffer } from './share-offer.ts';
import { toWireScope, WHOLE_PAGE, withHidden, withOnlyPart, withoutHidden } from './share-scope.ts';
import { createShareUplink, type UplinkStream } from './share-uplink.ts';
import { createShareWishes } from '../../ui/share/share-wishes.ts';

export interface VisitorShareOptions {
  link: ShareLink;
  memory: ShareMemory;
  /** The open share of kind `co-browse` as the server tells it. */
  told: ReadonlySignal<ShareView | null>;
  conversationId(): ConversationId | null;
  offer: ReadonlySignal<ShareOffer>;
  page: ReadonlySignal<{ url: string; title: string }>;
  language: ReadonlySignal<Language>;
  accent(): string | null;
  /** The words over the visitor's page while it is shared. */
  sayWatermark(): string;
  loadScript(script: string, port: MessagePort): void;
  /** The answer of a request, before the server's event says the same. */
  learn(share: ShareView): void;
  /** The page has to be reached: the panel makes room. */
  makeRoom(): void;
  isFront(): boolean;
  /** As the browser is set, and for as long as it is. */
  scheme: ReadonlySignal<PageScheme>;
  /** The widget stands in a window of its own, where no page reaches. */
  hasOwnWindow: ReadonlySignal<boolean>;
  clock?: Clock;
  squeezer?: FrameSqueezer;
}

export function createVisitorShare(options: VisitorShareOptions): VisitorShare {
  const { link, memory, told, offer, page, language, clock = systemClock, squeezer = createFrameSqueezer() } = options;
  /** Grows when this tab has learnt or forgotten something that no signal carries. */
  const memoryVersion = signal(0);
  const isOffering = signal(false);
  const isAllowing = signal(false);
  const picking = signal<Picking | null>(null);
  const goneSelector = signal<string | null>(null);
  /** What the part that is being chosen takes the place of. */
  let replacedPart: PickedPart | null = null;
  const hiddenCount = signal(0);
  const isShowingHidden = signal(false);
  const tool = signal<'none' | 'laser' | 'ink'>('none');
  const fault = signal<ShareFault | null>(null);
  let mayBeRecorded = false;

  const share = computed(() => {
    void memoryVersion.value;
    const view = told.value;
    return view === null || view.phase === 'ended' || memory.hasEnded(view.shareId) ? null : view;
  });
  const scopeKey = computed(() => {
    void memoryVersion.value;
    const view = share.value;
    const scope = view === null ? undefined : memory.findScope(view.shareId, view.scope);
    return scope === undefined ? null : JSON.stringify(scope);
  });
  const scope = computed(() => (scopeKey.value === null ? null : (JSON.parse(scopeKey.value) as ChosenScope)));
  const gonePart = computed(() => {
    if (share.value?.pausedBecause !== 'part-gone') return null;
    return scope.value?.hidden.find(({ selector }) => selector === goneSelector.value) ?? null;
  });
  /** Changes only when a new stream has to begin, or the present one to stop. */
  const streamKey = computed(() => {
    const view = share.value;
    if (view === null || (view.phase !== 'allowed' && view.phase !== 'live')) return null;
    if (scopeKey.value === null || undecidedCount.value > 0 || pauses.closedUrl.value === page.value.url) return null;
    return `${view.shareId} ${view.scopeNumber} ${scopeKey.value} ${JSON.stringify(offer.value.rules)}`;
  });

  const wishes = createShareWishes(link, clock);
  const recorder = createRecorderLife({
    clock,
    load: options.loadScript,
    onMessage: handleRecorder,
    onMissing: handleMissing,
  });
  const uplink = createShareUplink({
    link,
    clock,
    tabId: memory.tabId,
    pageUrl: () => page.peek().url,
    isFront: options.isFront,
    scheme: () => options.scheme.peek(),
    squeezer,
    toRecorder: (message) => recorder.post(message),
    onRefused(code) {
      if (code !== 'share-ended' && code !== 'not-found') fault.value = code;
    },
  });
  const { changeScope, pause, resume, end, undecidedCount } = createShareDecisions({
    link,
    wishes,
    memory,
    share,
    hush: uplink.hush,
    learn: options.learn,
    onMemoryChanged: () => void (memoryVersion.value += 1),
    onFault: (code) => void (fault.value = code),
  });
  const pauses = createOwnPauses({
    memory,
    share,
    page,
    undecidedCount,
    hasOwnWindow: options.hasOwnWindow,
    isFront: options.isFront,
    isPrivate,
    pause,
    resume,
  });
  const acts = createRemoteActs({
    link,
    tabId: memory.tabId,
    share,
    epoch: uplink.epoch,
    recorder,
    pageUrl: () => page.peek().url,
    openableOrigins: () => offer.peek().openableOrigins,
  });

  function handleRecorder(message: FromRecorder): void {
    uplink.handleRecorder(message);
    acts.handleRecorder(message);
    switch (message.type) {
      case 'picked':
        handlePicked(message.purpose, message.part);
        break;
      case 'pick-cancelled':
        picking.value = null;
        break;
      case 'paused':
        if (message.epoch !== uplink.epoch.peek()) break;
        goneSelector.value = message.detail ?? null;
        pauses.handlePaused(message.because);
        break;
      case 'tool-ended':
        tool.value = 'none';
        break;
      case 'hidden-count':
        hiddenCount.value = message.count;
        break;
      case 'reach':
        pauses.handleReach(message.isReachable);
        break;
      case 'end-asked':
        endByPerson();
        break;
      case 'failed':
        handleMissing();
        break;
      default:
        break;
    }
  }

  /** The page does not let the recorder in, or it cannot work there. */
  function handleMissing(): void {
    picking.value = null;
    fault.value = 'not-loaded';
    uplink.hush();
    // While the yes is on its way there is nothing to end yet: it would overtake it.
    if (share.peek() !== null && options.isFront() && !isAllowing.peek()) end('failed');
  }

  function endByPerson(): void {
    isOffering.value = false;
    cancelPick();
    end('by-person');
    recorder.post({ type: 'stop' });
  }

  function handlePicked(purpose: Picking['purpose'], part: PickedPart): void {
    const now = picking.peek();
    if (now?.purpose !== purpose) return;
    picking.value = null;
    if (now.isForAllow) {
      void sendAllow({ onlyPart: part, hidden: [] });
      return;
    }
    const held = scope.peek() ?? WHOLE_PAGE;
    const rest = replacedPart === null ? held : withoutHidden(held, replacedPart);
    changeScope(purpose === 'only' ? withOnlyPart(held, part) : withHidden(rest, part));
    resume();
  }

  async function sendAllow(wanted: ChosenScope): Promise<void> {
    const conversationId = options.conversationId();
    if (conversationId === null) return;
    const chosen = { scope: wanted, choiceId: createRandomId() };
    const asked = share.peek();
    if (asked !== null) memory.keepScope(asked.shareId, chosen, true);
    isAllowing.value = true;
    try {
      const shareId = asked?.shareId ?? null;
      const input = { conversationId, shareId, scope: toWireScope(chosen), mayBeRecorded };
      const { share: allowed } = await link.request('share:allow-share', input);
      memory.keepScope(allowed.shareId, chosen, true);
      isOffering.value = false;
      options.learn(allowed);
      memoryVersion.value += 1;
    } catch (thrown) {
      fault.value = toRequestError(thrown).code;
    } finally {
      isAllowing.value = false;
    }
    if (fault.peek() === 'not-loaded') handleMissing();
  }

  function beginPick(purpose: Picking['purpose'], isForAllow: boolean): void {
    picking.value = { purpose, isForAllow };
    recorder.ensure();
    recorder.post({ type: 'pick', purpose });
    options.makeRoom();
  }

  function cancelPick(): void {
    if (picking.peek() === null) return;
    picking.value = null;
    recorder.post({ type: 'cancel-pick' });
  }

  const stops = [
    effect(() => {
      const key = streamKey.value;
      untracked(() => {
        const view = share.peek();
        const chosen = scope.peek();
        if (key === null || view === null || chosen === null) {
          uplink.set(null);
          return;
        }
        recorder.ensure();
        const { shareId, scopeNumber } = view;
        const stream: UplinkStream = { shareId, scopeNumber, scope: chosen, rules: offer.peek().rules };
        uplink.set(stream);
      });
    }),
    effect(() => {
      const view = share.value;
      const isRunning = view !== null && view.phase !== 'asked';
      // On a page that is loaded anew somebody has to look whether END is in reach again.
      if (view?.pausedBecause === 'out-of-reach' && !options.hasOwnWindow.value) recorder.ensure();
      recorder.show({
        look: { language: language.value, accent: options.accent() },
        grants: isRunning ? view.grants.map(({ grant }) => grant) : [],
        isShowingHidden: isRunning && isShowingHidden.value,
        agentName: share.value?.watchers[0] ?? null,
        tool: isRunning ? tool.value : 'none',
        watermark: isRunning && offer.value.hasWatermark ? options.sayWatermark() : null,
        isReachKept: isRunning && !options.hasOwnWindow.value,
      });
      if (!isRunning) untracked(forgetTools);
    }),
    effect(() => {
      const view = share.value;
      // A choice that was made in the moment the page was left.
      const unsent = view === null || view.phase === 'asked' ? undefined : memory.findUnconfirmed(view.shareId);
      if (unsent !== undefined && undecidedCount.peek() === 0) untracked(() => changeScope(unsent));
    }),
    effect(() => {
      // END that the server could not hear of: it hears it now, and until then nothing is shown.
      const view = told.value;
      if (view === null || view.phase === 'ended' || !memory.hasEnded(view.shareId)) return;
      untracked(() => wishes.replaceAll({ send: () => link.request('share:end-share', { shareId: view.shareId }) }));
    }),
    effect(() => {
      // What this tab itself found amiss says more.
      if (told.value?.endReason === 'failed') fault.value = fault.peek() ?? 'broken-off';
    }),
    effect(() => {
      if (options.scheme.value) untracked(uplink.reportScheme);
    }),
    listen(document, 'visibilitychange', () => {
      if (options.isFront()) pauses.handleFront();
      uplink.reportFront();
    }),
    // Another tab's choice may be told by the server before the browser has brought it here.
    listen(window, 'storage', () => void (memoryVersion.value += 1)),
    listen(window, 'pagehide', () => uplink.leave()),
    listen(window, 'pageshow', () => uplink.comeBack()),
  ];

  function isPrivate(url: string): boolean {
    return URL.canParse(url) && isPrivatePath(offer.value.rules.privatePaths, new URL(url));
  }

  function forgetTools(): void {
    tool.value = 'none';
    isShowingHidden.value = false;
    hiddenCount.value = 0;
  }

  return {
    share,
    isOffering,
    isAllowing,
    picking,
    scope,
    gonePart,
    hiddenCount,
    isShowingHidden,
    tool,
    lastAct: acts.lastAct,
    askedPage: acts.askedPage,
    fault,
    offer() {
      fault.value = null;
      isOffering.value = share.peek() === null;
    },
    allow(wish) {
      fault.value = null;
      mayBeRecorded = wish.mayBeRecorded;
      recorder.ensure();
      if (wish.isPart) beginPick('only', true);
      else void sendAllow(WHOLE_PAGE);
    },
    decline() {
      isOffering.value = false;
      const view = share.peek();
      if (view?.phase !== 'asked') return;
      wishes.add({
        send: () => link.request('share:decline-share', { shareId: view.shareId }),
      });
      options.learn({ ...view, phase: 'ended', endReason: 'declined', endedAt: clock.now() });
    },
    end: endByPerson,
    showWholePage: () => changeScope(withOnlyPart(scope.peek() ?? WHOLE_PAGE, null)),
    pick(purpose) {
      replacedPart = purpose === 'hide' ? gonePart.peek() : null;
      // The view goes dark before anything else; what is chosen next is all that comes back.
      pause('by-visitor');
      beginPick(purpose, false);
    },
    cancelPick,
    showAgain: (part) => changeScope(withoutHidden(scope.peek() ?? WHOLE_PAGE, part)),
    pause: () => pause('by-visitor'),
    resume: pauses.resume,
    setGrant(grant, isGranted) {
      const view = share.peek();
      if (view === null) return;
      // Taken back here before the server knows.
      if (!isGranted) options.learn({ ...view, grants: view.grants.filter((each) => each.grant !== grant) });
      wishes.add({
        async send() {
          const answer = await link.request('share:set-grant', { shareId: view.shareId, grant, isGranted });
          options.learn(answer.share);
        },
        onRefused: (code) => (fault.value = code),
      });
    },
    answerPage: acts.answerPage,
    setShowingHidden: (isOn) => void (isShowingHidden.value = isOn),
    setTool: (chosen) => void (tool.value = chosen),
    dismissFault: () => void (fault.value = null),
    close() {
      for (const stop of stops) stop();
      pauses.close();
      acts.close();
      uplink.close();
      wishes.close();
      recorder.close();
      squeezer.close();
    },
  };
}

function listen(target: EventTarget, name: string, handler: () => void): () => void {
  target.addEventListener(name, handler);
  return () => target.removeEventListener(name, handler);
}
