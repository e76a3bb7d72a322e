import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { CallView, ConsumerView } from '../../protocol/media.ts';
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

/** Voice and picture of a person arrive one right after the other; taken in together they cost one negotiation. */
const GATHER_MS = 8;

/** Keeps the media link of a call in step with the call's state: joins, heals, joins again. */
export interface CallDrive {
  readonly state: ReadonlySignal<CallState>;
  /** The link to send on; null while there is none. */
  readonly link: ReadonlySignal<MediaLink | null>;
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
  joinAfter: Promise<unknown>;
  openLink: OpenMediaLink;
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
  const shownLink = signal<MediaLink | null>(null);
  const closers: (() => void)[] = [];
  const gathered: ConsumerView[] = [];
  let takeOver = options.takeOver;
  let activity: Activity | undefined;
  let stopWatchingHealth: () => void = () => {};
  let newestGeneration = -1;
  let isClosed = false;

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
    try {
      await waitForTurn(attempt, current);
      await options.joinAfter;
      if (isOver()) return;
      const joined = await signalling.request('call:join-call', { callId, clientId, takeOver });
      if (isOver()) return;
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
      opened = await openLink({ signalling, callId, clientId, joined, onRefused });
      if (isOver()) return opened.close();
      adoptLink(opened);
      wait(JOIN_TIMEOUT_MS, current, () => dispatch({ kind: 'join-timed-out' }));
      await opened.receiveAll();
      if (isOver()) return;
      watchHealth(opened);
    } catch (error) {
      if (!isOver()) dispatch({ kind: 'join-refused', failure: toCallFailure(error) });
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
      if (event.callId === callId && current?.generation === event.generation) gather(current, event.consumers);
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
