import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type {
  ChosenScope,
  FromRecorder,
  PrivacyRules,
  ToRecorder,
} from '../../../cobrowse/recorder/recorder-messages.ts';
import { isPrivatePath } from '../../../cobrowse/private-paths.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { ShareId } from '../../../protocol/ids.ts';
import type { PageScheme } from '../../../protocol/sharing.ts';
import type { Clock } from '../../connection/clock.ts';
import { findRetryAfterMs, isPassing, toRequestError } from '../../connection/request-error.ts';
import { createAssetSender, type AssetSender } from './asset-sender.ts';
import { createFrameSender, type FrameSender } from './frame-sender.ts';
import type { FrameSqueezer } from './frame-squeezer.ts';
import type { ShareLink } from './share-link.ts';

/** What this page is to stream. */
export interface UplinkStream {
  shareId: ShareId;
  scopeNumber: number;
  scope: ChosenScope;
  rules: PrivacyRules;
}

/** A page as it may be named to the agent. */
export interface PageWords {
  url: string;
  title: string;
}

export interface ShareUplinkOptions {
  link: ShareLink;
  clock: Clock;
  tabId: string;
  /** Address of the page, with whatever it carries. */
  pageUrl(): string;
  isFront(): boolean;
  scheme(): PageScheme;
  squeezer: FrameSqueezer;
  toRecorder(message: ToRecorder): void;
  /** The server will not have this stream, and waiting does not cure it. */
  onRefused(code: ErrorCode): void;
}

/** Carries what the recorder sees to the server. It has no interface and decides nothing about what is shared. */
export interface ShareUplink {
  /** Epoch of the stream that runs. */
  readonly epoch: ReadonlySignal<number | null>;
  /** Null stops within this call. A new stream begins with a new epoch; the same one again changes nothing. */
  set(stream: UplinkStream | null): void;
  /** As `set(null)`, but says nothing to the server: what is said next comes first there. */
  hush(): void;
  /** Takes `events`, `page`, `asset` and `leaving`; leaves the rest to others. */
  handleRecorder(message: FromRecorder): void;
  /** The visitor looks at this tab, or away. */
  reportFront(): void;
  /** The browser has been set to light or dark. */
  reportScheme(): void;
  /** The page goes away, or comes back out of the browser's memory. */
  leave(): void;
  comeBack(): void;
  close(): void;
}

/** A key frame costs the page a look at everything it holds. */
const KEY_GAP_MS = 1_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;
/** A slow line may need this long for a piece that it does deliver. */
const FRAME_TIMEOUT_MS = 20_000;

/** Where the stream stands towards the server. */
type Phase =
  | { at: 'idle' }
  /** `isWanted` when it was said meanwhile. */
  | { at: 'opening'; isWanted: boolean | null }
  | { at: 'retrying'; stop(): void }
  | OpenPhase;
interface OpenPhase {
  at: 'open';
  stream: UplinkStream;
  epoch: number;
  /** Null while nobody watches: then nothing is recorded either. */
  line: Line | null;
  /** What the recorder calls the page; it alone knows which titles are private. */
  named: PageWords;
  /** A recording cannot go on under an epoch in which another one has been. */
  isUsed: boolean;
}
/** One recording on its way. */
interface Line {
  sender: FrameSender;
  assets: AssetSender;
  isKeyNeeded: boolean;
  keyAskedAt: number;
  stopKeyTimer(): void;
}

export function createShareUplink(options: ShareUplinkOptions): ShareUplink {
  const { link, clock, tabId, squeezer, toRecorder } = options;
  const epoch = signal<number | null>(null);
  let wanted: UplinkStream | null = null;
  let phase: Phase = { at: 'idle' };
  let retryMs = FIRST_RETRY_MS;
  let isGone = false;

  function halt(quieten: 'stop' | 'hold'): void {
    if (phase.at === 'retrying') phase.stop();
    if (phase.at === 'open' && phase.line !== null) {
      closeLine(phase.line);
      toRecorder({ type: quieten });
    }
    phase = { at: 'idle' };
    epoch.value = null;
  }

  function closeLine(line: Line): void {
    line.stopKeyTimer();
    line.sender.close();
    line.assets.close();
  }

  function open(): void {
    halt('hold');
    const stream = wanted;
    if (stream === null || isGone || link.state.peek() !== 'online') return;
    const opening: Phase = { at: 'opening', isWanted: null };
    phase = opening;
    const named = { url: toPlainAddress(options.pageUrl(), stream.rules.privatePaths), title: '' };
    const looks = { isFront: options.isFront(), scheme: options.scheme() };
    const input = { shareId: stream.shareId, tabId, page: named, ...looks };
    link.request('share:open-stream', input).then(
      (opened) => {
        if (phase !== opening) return;
        // The server is further already: what it has to say about it is on its way and brings another `set`.
        if (opened.scopeNumber !== stream.scopeNumber) {
          retry(retryMs);
          return;
        }
        retryMs = FIRST_RETRY_MS;
        phase = { at: 'open', stream, epoch: opened.epoch, line: null, named, isUsed: false };
        epoch.value = opened.epoch;
        if (opening.isWanted ?? opened.isWanted) record(phase);
      },
      (reason: unknown) => {
        if (phase === opening) handleFault(reason);
      },
    );
  }

  function retry(delayMs: number): void {
    halt('stop');
    retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
    phase = { at: 'retrying', stop: clock.after(delayMs, open) };
  }

  function handleFault(reason: unknown): void {
    const { code, details } = toRequestError(reason);
    // `stale-stream`: the scope has changed, which `set` will tell, or the server has forgotten this epoch.
    if (code === 'stale-stream' || isPassing(code)) return retry(findRetryAfterMs(details) ?? retryMs);
    halt('stop');
    wanted = null;
    options.onRefused(code);
  }

  function record(opened: OpenPhase): void {
    opened.isUsed = true;
    const { stream, epoch: number } = opened;
    const place = { shareId: stream.shareId, tabId, epoch: number };
    const isCurrent = () => phase === opened && opened.line === line;
    const sender = createFrameSender({
      clock,
      send: (piece) =>
        link.request(
          'share:send-frame',
          { ...place, scopeNumber: stream.scopeNumber, ...piece },
          { timeoutMs: FRAME_TIMEOUT_MS },
        ),
      onFull() {
        line.isKeyNeeded = true;
        toRecorder({ type: 'hold' });
      },
      onDrained: () => askForKey(line),
      onFailed(reason) {
        if (isCurrent()) handleFault(reason);
      },
    });
    const line: Line = {
      sender,
      assets: createAssetSender({
        clock,
        busyBytes: sender.unconfirmedBytes,
        send: (question) =>
          link.request('share:send-asset', { ...place, ...question }, { timeoutMs: FRAME_TIMEOUT_MS }),
      }),
      isKeyNeeded: true,
      // The recorder begins with a key frame of its own accord.
      keyAskedAt: clock.now(),
      stopKeyTimer: () => undefined,
    };
    opened.line = line;
    const { scopeNumber, scope, rules } = stream;
    toRecorder({ type: 'start', stream: { epoch: number, scopeNumber, scope, rules } });
  }

  function askForKey(line: Line): void {
    line.stopKeyTimer();
    const waitMs = line.keyAskedAt + KEY_GAP_MS - clock.now();
    line.stopKeyTimer = clock.after(Math.max(0, waitMs), () => {
      line.stopKeyTimer = () => undefined;
      line.keyAskedAt = clock.now();
      toRecorder({ type: 'key' });
    });
  }

  function handleWanted(isWanted: boolean): void {
    if (phase.at === 'opening') phase.isWanted = isWanted;
    if (phase.at !== 'open') return;
    if (isWanted && phase.line === null) {
      if (phase.isUsed) open();
      else record(phase);
    } else if (!isWanted && phase.line !== null) {
      closeLine(phase.line);
      phase.line = null;
      toRecorder({ type: 'stop' });
    }
  }

  function handleEvents({ events, isKey, ...from }: Extract<FromRecorder, { type: 'events' }>): void {
    if (phase.at !== 'open' || phase.line === null) return;
    const { line, stream } = phase;
    if (from.epoch !== phase.epoch || from.scopeNumber !== stream.scopeNumber) return;
    if (line.isKeyNeeded && !isKey) return;
    line.isKeyNeeded = false;
    // Whoever asked for a key frame meanwhile has this one.
    if (isKey) line.stopKeyTimer();
    const isCurrent = () => phase.at === 'open' && phase.line === line;
    squeezer.squeeze(events, isKey).then(
      (data) => {
        if (isCurrent()) line.sender.add({ isKey, data });
      },
      () => {
        if (!isCurrent()) return;
        line.isKeyNeeded = true;
        askForKey(line);
      },
    );
  }

  function reportTab(isFront: boolean): void {
    if (phase.at !== 'open' || link.state.peek() !== 'online') return;
    const place = { shareId: phase.stream.shareId, tabId, epoch: phase.epoch };
    // A lost report is made good by the next one.
    const report = { ...place, page: phase.named, isFront, scheme: options.scheme() };
    link.request('share:report-tab', report).catch(() => undefined);
  }

  function leave(because: 'navigating' | 'stopped'): void {
    if (phase.at === 'open' && link.state.peek() === 'online') {
      const { stream, epoch: number } = phase;
      // Nothing to do when it gets lost: the server notices the missing page by itself.
      link
        .request('share:close-stream', { shareId: stream.shareId, tabId, epoch: number, because })
        .catch(() => undefined);
    }
    halt('stop');
  }

  function goAway(): void {
    isGone = true;
    leave('navigating');
  }

  const stops = [
    effect(() => {
      const isOnline = link.state.value === 'online';
      untracked(() => (isOnline ? open() : halt('hold')));
    }),
    link.on('share:stream-wanted', ({ shareId, isWanted }) => {
      if (shareId === wanted?.shareId) handleWanted(isWanted);
    }),
    link.on('share:key-wanted', (asked) => {
      if (phase.at !== 'open' || phase.line === null) return;
      if (asked.shareId !== phase.stream.shareId || asked.tabId !== tabId || asked.epoch !== phase.epoch) return;
      // Once the line is free again a key frame comes anyway.
      if (!phase.line.sender.isFull()) askForKey(phase.line);
    }),
  ];

  return {
    epoch,
    set(stream) {
      const isSame =
        stream !== null &&
        wanted?.shareId === stream.shareId &&
        wanted.scopeNumber === stream.scopeNumber &&
        wanted.scope === stream.scope;
      if (isSame) return;
      // Before anything else: nothing of the old scope is recorded or sent from here on.
      if (phase.at === 'open' && phase.line !== null) {
        closeLine(phase.line);
        phase.line = null;
        toRecorder({ type: 'stop' });
      }
      const isLeaving = stream === null && phase.at === 'open';
      wanted = stream;
      retryMs = FIRST_RETRY_MS;
      if (isLeaving) leave('stopped');
      else open();
    },
    hush() {
      wanted = null;
      halt('stop');
    },
    handleRecorder(message) {
      switch (message.type) {
        case 'events':
          handleEvents(message);
          break;
        case 'page':
          if (phase.at !== 'open' || message.epoch !== phase.epoch) break;
          phase.named = message.page;
          reportTab(message.isFront);
          break;
        case 'asset':
          if (phase.at === 'open' && message.epoch === phase.epoch) phase.line?.assets.add(message);
          break;
        case 'leaving':
          if (phase.at === 'open' && message.epoch === phase.epoch) goAway();
          break;
        default:
          break;
      }
    },
    reportFront: () => reportTab(options.isFront()),
    reportScheme() {
      reportTab(options.isFront());
      // The agent's copy is made to fit a scheme where it is built.
      if (phase.at === 'open' && phase.line !== null && !phase.line.sender.isFull()) askForKey(phase.line);
    },
    leave: goAway,
    comeBack() {
      if (!isGone) return;
      isGone = false;
      open();
    },
    close() {
      leave('stopped');
      wanted = null;
      for (const stop of stops) stop();
    },
  };
}

/**
 * Queries and fragments carry what is nobody's business, and so does the path of a private page: the recorder will not
 * share that one, but it is named before it is asked.
 */
function toPlainAddress(url: string, privatePaths: readonly string[]): string {
  const plain = url.split(/[?#]/, 1)[0] ?? '';
  return URL.canParse(url) && isPrivatePath(privatePaths, new URL(url)) ? new URL(url).origin : plain;
}
