import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { CallView, ConsumerView, RtpCapabilitiesView } from '../../protocol/media.ts';
import { toCallFailure, type CallSignalling, type JoinedCall } from './call-signalling.ts';
import {
  FIRST_CALL_STATE,
  HEALING_TIME_MS,
  JOIN_TIMEOUT_MS,
  nextCallState,
  RESTART_TIMEOUT_MS,
  STABLE_AFTER_MS,
  toJoinDelayMs,
  type CallState,
  type CallStateEvent,
} from './call-state.ts';
import type { MediaLink, OpenMediaLink } from './media-link.ts';
import type { PreparedLink } from './prepared-calls.ts';

/** Voice and picture of a person arrive one right after the other; taken in together they cost one negotiation. */
const GATHER_MS = 8;

/** Keeps the media link of a call in step with the call's state: joins, heals, joins again. */
export interface CallDrive {
  readonly state: ReadonlySignal<CallState>;
  /** The link in use; null while there is none. */
  readonly link: ReadonlySignal<MediaLink | null>;
  /** The same once the tracks of the others are in: from then on it takes ours. */
  readonly sendingLink: ReadonlySignal<MediaLink | null>;
  /** What to show: while a new link is made the last picture of the old one stays. */
  readonly shownLink: ReadonlySignal<MediaLink | null>;
  dispatch(event: CallStateEvent): void;
  /** For a refused request about this link; a link that has been replaced meanwhile no longer counts. */
  refusalOf(asked: MediaLink): (error: unknown) => void;
  start(): void;
  retry(options?: { takeOver?: boolean }): void;
  close(): void;
}

export interface CallDriveOptions {
  signalling: CallSignalling;
  callId: CallView['callId'];
  clientId: string;
  takeOver: boolean;
  /** The accept that is on its way. The seat is asked for right behind it, not after its answer. */
  joinAfter: Promise<unknown>;
  openLink: OpenMediaLink;
  /** What this browser can decode, as far as that is known before joining. */
  findDecodable: () => RtpCapabilitiesView | undefined;
  /** What was made ready while the call rang here; whoever takes it owns it. */
  takePrepared: () => PreparedLink | undefined;
  onJoined: (joined: JoinedCall) => void;
}

/** What is being done because of a state; it is stopped as soon as the state calls for something else. */
interface Activity {
  name: string;
  abort: AbortController;
  /** Ends a wait early: the connection is back, so why wait longer. */
  hurry: () => void;
}

export function createCallDrive(options: CallDriveOptions): CallDrive {
  const { signalling, callId, clientId, openLink, onJoined } = options;
  const state = signal<CallState>(FIRST_CALL_STATE);
  const link = signal<MediaLink | null>(null);
  const sendingLink = signal<MediaLink | null>(null);
  const shownLink = signal<MediaLink | null>(null);
  const closers: (() => void)[] = [];
  const gathered: ConsumerView[] = [];
  /** Told while the link that they belong to was still being made. */
  let early: { generation: number; consumers: ConsumerView[] }[] = [];
  let takeOver = options.takeOver;
  let activity: Activity | undefined;
  let stopWatchingHealth: () => void = () => {};
  let newestGeneration = -1;
  let isClosed = false;
  let isAcceptPending = true;
  const noteAnswered = () => void (isAcceptPending = false);
  options.joinAfter.then(noteAnswered, noteAnswered);

  function dispatch(event: CallStateEvent): void {
    const before = state.peek();
    const after = nextCallState(before, event);
    if (after === before) return;
    state.value = after;
    act(after);
  }

  function act(current: CallState): void {
    if (isClosed) return;
    const name = toActivityName(current);
    if (activity?.name === name) return;
    activity?.abort.abort();
    const started: Activity = { name, abort: new AbortController(), hurry: () => {} };
    activity = started;
    switch (current.phase) {
      case 'acquiring':
      case 'joining':
        void join(current.attempt, started);
        return;
      case 'connected':
        wait(current.isShaky ? HEALING_TIME_MS : STABLE_AFTER_MS, started, () =>
          dispatch({ kind: current.isShaky ? 'healing-timed-out' : 'proved-stable' }),
        );
        return;
      case 'reconnecting':
        if (current.way === 'rejoin') void join(current.attempt, started);
        else void restartIce(started);
        return;
      case 'failed':
      case 'ended':
        closeLinks();
    }
  }

  function wait(ms: number, { abort }: Activity, then: () => void): () => void {
    const timer = setTimeout(then, ms);
    const cancel = () => clearTimeout(timer);
    abort.signal.addEventListener('abort', cancel, { once: true });
    return cancel;
  }

  function waitForTurn(attempt: number, current: Activity): Promise<void> {
    const delayMs = toJoinDelayMs(attempt, Math.random());
    if (delayMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = wait(delayMs, current, resolve);
      current.hurry = () => {
        cancel();
        resolve();
      };
    });
  }

  async function join(attempt: number, current: Activity): Promise<void> {
    const isOver = () => current.abort.signal.aborted || isClosed;
    releaseLink();
    let opened: MediaLink | undefined;
    let prepared: PreparedLink | undefined;
    try {
      await waitForTurn(attempt, current);
      const rtpCapabilities = options.findDecodable();
      prepared = options.takePrepared();
      const builtIds = prepared?.listBuilt();
      const joined = await takeSeat(isOver, rtpCapabilities, builtIds);
      if (joined === undefined || isOver()) return;
      takeOver = false;
      if (joined.generation < newestGeneration) {
        // The worker died between the answer and its arrival; what was answered leads nowhere.
        dispatch({ kind: 'media-restarted' });
        return;
      }
      newestGeneration = joined.generation;
      onJoined(joined);
      if (isOver()) return; // the answer may say that the call has ended
      const onRefused = (error: unknown) => {
        if (opened !== undefined) refusalOf(opened)(error);
      };
      if (prepared?.fits(joined) === true) {
        opened = prepared.letIn(builtIds ?? [], onRefused);
        prepared = undefined;
      } else opened = await openLink({ signalling, callId, clientId, joined, onRefused });
      if (isOver()) return opened.close();
      adoptLink(opened);
      wait(JOIN_TIMEOUT_MS, current, () => dispatch({ kind: 'join-timed-out' }));
      const { generation } = opened;
      const told = early.flatMap((one) => (one.generation === generation ? one.consumers : []));
      early = [];
      if (rtpCapabilities === undefined) await opened.receiveAll();
      await opened.receive(rtpCapabilities === undefined ? told : [...joined.consumers, ...told]);
      if (isOver()) return;
      // The others first: one's own camera takes the browser's strength just when their picture is being set up.
      sendingLink.value = opened;
      watchHealth(opened);
    } catch (error) {
      if (!isOver()) dispatch({ kind: 'join-refused', failure: toCallFailure(error) });
    } finally {
      prepared?.close();
    }
  }

  /**
   * The server answers a page's accept before the join that follows it. One that came too soon all the same is repeated
   * once the accept has been answered; what refused the accept refuses the join.
   */
  async function takeSeat(
    isOver: () => boolean,
    rtpCapabilities: RtpCapabilitiesView | undefined,
    preparedConsumerIds: string[] | undefined,
  ): Promise<JoinedCall | undefined> {
    const ask = () =>
      signalling.request('call:join-call', {
        callId,
        clientId,
        takeOver,
        ...(rtpCapabilities === undefined ? {} : { rtpCapabilities }),
        ...(preparedConsumerIds === undefined ? {} : { preparedConsumerIds }),
      });
    if (!isAcceptPending) return ask();
    try {
      return await ask();
    } catch {
      if (isOver()) return undefined;
      await options.joinAfter;
      return isOver() ? undefined : ask();
    }
  }

  async function restartIce(current: Activity): Promise<void> {
    wait(RESTART_TIMEOUT_MS, current, () => dispatch({ kind: 'restart-failed' }));
    try {
      await link.peek()?.restartIce();
    } catch (error) {
      if (!current.abort.signal.aborted) handleRefusal(error);
    }
  }

  function adoptLink(opened: MediaLink): void {
    shownLink.peek()?.close();
    link.value = opened;
    shownLink.value = opened;
  }

  /** Only once the tracks of the others are in, or a call would count as connected before anything is heard. */
  function watchHealth(opened: MediaLink): void {
    stopWatchingHealth = effect(() => {
      const health = opened.health.value;
      queueMicrotask(() => {
        if (link.peek() === opened) dispatch({ kind: 'link-changed', health });
      });
    });
  }

  function releaseLink(): void {
    stopWatchingHealth();
    stopWatchingHealth = () => {};
    gathered.length = 0;
    early = [];
    sendingLink.value = null;
    link.value = null;
  }

  function closeLinks(): void {
    releaseLink();
    shownLink.peek()?.close();
    shownLink.value = null;
  }

  function refusalOf(asked: MediaLink): (error: unknown) => void {
    return (error) => {
      if (link.peek() === asked) handleRefusal(error);
    };
  }

  function handleRefusal(error: unknown): void {
    const { code } = toCallFailure(error);
    switch (code) {
      case 'call-ended':
        dispatch({ kind: 'ended', reason: 'hung-up' });
        return;
      case 'conversation-ended':
        dispatch({ kind: 'ended', reason: 'conversation-ended' });
        return;
      case 'call-in-other-tab':
        dispatch({ kind: 'ended', reason: 'taken-over' });
        return;
      // What the server has and what this page has no longer agree; a fresh link puts it right.
      case 'call-restarted':
      case 'not-found':
      case 'timeout':
      case 'offline':
      case 'invalid-transition':
      case 'rate-limited':
      case 'shutting-down':
      case 'internal':
        dispatch({ kind: 'media-restarted' });
        return;
      default:
      // One track that may not be sent (limits) leaves the rest of the call as it is.
    }
  }

  function gather(current: MediaLink, consumers: ConsumerView[]): void {
    gathered.push(...consumers);
    if (gathered.length > consumers.length) return;
    setTimeout(() => {
      const together = gathered.splice(0);
      if (link.peek() === current && together.length > 0) current.receive(together).catch(refusalOf(current));
    }, GATHER_MS);
  }

  function hurry(): void {
    activity?.hurry();
    dispatch({ kind: 'healing-timed-out' });
  }

  closers.push(
    signalling.on('call:tracks-added', (event) => {
      const current = link.peek();
      if (event.callId !== callId) return;
      if (current === null) early.push(event);
      else if (current.generation === event.generation) gather(current, event.consumers);
    }),
    signalling.on('call:track-removed', (event) => {
      if (event.callId === callId) link.peek()?.dropReceived(event.consumerId);
    }),
    signalling.on('call:track-paused', (event) => {
      if (event.callId === callId) link.peek()?.setReceivedPaused(event.consumerId, event.isPaused);
    }),
    signalling.on('call:media-restarted', (event) => {
      if (event.callId !== callId || event.generation <= newestGeneration) return;
      newestGeneration = event.generation;
      dispatch({ kind: 'media-restarted' });
    }),
    signalling.onReconnected?.(() => {
      hurry();
      // Media may well have lived on; asking for the tracks finds out, and brings what was missed.
      const current = link.peek();
      if (state.peek().phase === 'connected') current?.receiveAll().catch(refusalOf(current));
    }) ?? (() => {}),
    listenToNetwork(hurry),
  );

  return {
    state,
    link,
    sendingLink,
    shownLink,
    dispatch,
    refusalOf,
    start: () => act(state.peek()),
    retry(again = {}) {
      takeOver = again.takeOver ?? false;
      dispatch({ kind: 'retry-asked' });
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      activity?.abort.abort();
      for (const close of closers.splice(0)) close();
      closeLinks();
    },
  };
}

/** States with the same name are served by the same activity: devices that settle do not start the join anew. */
function toActivityName(state: CallState): string {
  switch (state.phase) {
    case 'acquiring':
    case 'joining':
      return `join-${state.attempt}`;
    case 'connected':
      return state.isShaky ? 'heal' : `rest-${state.rejoins}`;
    case 'reconnecting':
      return `${state.way}-${state.attempt}`;
    default:
      return state.phase;
  }
}

function listenToNetwork(onNetwork: () => void): () => void {
  if (typeof window === 'undefined') return () => {};
  window.addEventListener('online', onNetwork);
  return () => window.removeEventListener('online', onNetwork);
}
