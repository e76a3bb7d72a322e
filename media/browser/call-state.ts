import type { CallEndReason } from '../../protocol/media.ts';
import type { CallFailure } from './call-signalling.ts';

/** Why this page is no longer in the call; the last two concern only this page. */
export type CallSessionEnd = CallEndReason | 'taken-over' | 'left';

/**
 * Where this page stands in a call. Devices are asked for while the seat is taken: `acquiring` lasts until the person
 * has answered the browser or the media flows, whichever is first.
 */
export type CallState =
  | { phase: 'acquiring'; attempt: number }
  | { phase: 'joining'; attempt: number }
  /** `rejoins` counts how often the link was rebuilt since it last held for a while. */
  | { phase: 'connected'; isShaky: boolean; rejoins: number }
  /** Media is away and comes back by itself; microphone, camera and mute stay as they are. */
  | { phase: 'reconnecting'; way: 'restart-ice'; attempt: number; rejoins: number }
  | { phase: 'reconnecting'; way: 'rejoin'; attempt: number }
  | { phase: 'failed'; code: CallFailure['code']; message: string }
  | { phase: 'ended'; reason: CallSessionEnd };

/** What the two transports say together; `idle` has nothing to carry yet. */
export type LinkHealth = 'idle' | 'opening' | 'up' | 'shaky' | 'down';

export type CallStateEvent =
  | { kind: 'devices-settled' }
  | { kind: 'link-changed'; health: LinkHealth }
  | { kind: 'join-refused'; failure: CallFailure }
  | { kind: 'join-timed-out' }
  /** The wait for a shaky link to heal by itself is over, or the network is known to have changed. */
  | { kind: 'healing-timed-out' }
  | { kind: 'restart-failed' }
  | { kind: 'proved-stable' }
  /** The server has other media for this call now, or does not know ours. */
  | { kind: 'media-restarted' }
  | { kind: 'retry-asked' }
  | { kind: 'ended'; reason: CallSessionEnd };

/** A link often heals within this time, as when a phone changes from one mast to the next. */
export const HEALING_TIME_MS = 2_500;
export const RESTART_TIMEOUT_MS = 5_000;
/** Long enough for TCP and TURN through a slow network, short enough that nobody hangs up first. */
export const JOIN_TIMEOUT_MS = 15_000;
/** A link that held this long counts as good; one that breaks sooner is rebuilt with growing waits. */
export const STABLE_AFTER_MS = 20_000;
const MAX_ICE_RESTARTS = 2;
/** Waits before each attempt to join; the last one is used again until the attempts are used up. */
const JOIN_DELAYS_MS = [0, 300, 1_200, 2_700, 4_800, 7_000];
const MAX_JOIN_ATTEMPTS = 11;
const MAX_JITTER_MS = 1_000;

export const FIRST_CALL_STATE: CallState = { phase: 'acquiring', attempt: 0 };

/** The one place where a call changes its state. A repeated or late event leaves the state as it is. */
export function nextCallState(state: CallState, event: CallStateEvent): CallState {
  if (state.phase === 'ended') return state;
  if (event.kind === 'ended') return { phase: 'ended', reason: event.reason };
  if (state.phase === 'failed') {
    return event.kind === 'retry-asked' ? { phase: 'joining', attempt: 0 } : state;
  }
  switch (event.kind) {
    case 'devices-settled':
      return state.phase === 'acquiring' ? { phase: 'joining', attempt: state.attempt } : state;
    case 'link-changed':
      return afterLinkChange(state, event.health);
    case 'join-refused':
      return afterRefusedJoin(state, event.failure);
    case 'join-timed-out':
      return afterRefusedJoin(state, {
        code: 'media-unavailable',
        message: 'No path for sound and picture was found.',
      });
    case 'healing-timed-out':
      return state.phase === 'connected' && state.isShaky ? restartIce(0, state.rejoins) : state;
    case 'restart-failed':
      if (state.phase !== 'reconnecting' || state.way !== 'restart-ice') return state;
      return state.attempt + 1 < MAX_ICE_RESTARTS
        ? restartIce(state.attempt + 1, state.rejoins)
        : rejoin(state.rejoins);
    case 'proved-stable':
      return state.phase === 'connected' && state.rejoins > 0 ? { ...state, rejoins: 0 } : state;
    case 'media-restarted':
      return nextAttempt(state) ?? GAVE_UP;
    case 'retry-asked':
      return state;
  }
}

type RunningState = Exclude<CallState, { phase: 'ended' } | { phase: 'failed' }>;

const GAVE_UP: CallState = {
  phase: 'failed',
  code: 'media-unavailable',
  message: 'Sound and picture could not be kept up.',
};

function afterLinkChange(state: RunningState, health: LinkHealth): CallState {
  switch (health) {
    case 'idle':
    case 'up':
      return connect(state);
    case 'opening':
      return state;
    case 'shaky':
      return state.phase === 'connected' && !state.isShaky ? { ...state, isShaky: true } : state;
    case 'down':
      if (state.phase === 'connected') return restartIce(0, state.rejoins);
      // While ICE restarts the link stays down for a moment; the restart's own timeout decides.
      if (state.phase === 'reconnecting' && state.way === 'restart-ice') return state;
      return nextAttempt(state) ?? GAVE_UP;
  }
}

function connect(state: RunningState): CallState {
  if (state.phase === 'connected') return state.isShaky ? { ...state, isShaky: false } : state;
  if (state.phase !== 'reconnecting') return { phase: 'connected', isShaky: false, rejoins: 0 };
  const rejoins = state.way === 'rejoin' ? state.attempt + 1 : state.rejoins;
  return { phase: 'connected', isShaky: false, rejoins };
}

function afterRefusedJoin(state: RunningState, failure: CallFailure): CallState {
  if (failure.code === 'call-ended') return { phase: 'ended', reason: 'hung-up' };
  if (failure.code === 'conversation-ended') return { phase: 'ended', reason: 'conversation-ended' };
  const again = isPassing(failure.code) ? nextAttempt(state) : undefined;
  return again ?? { phase: 'failed', code: failure.code, message: failure.message };
}

/** The next try at the whole link; undefined when there have been enough. */
function nextAttempt(state: RunningState): CallState | undefined {
  if (state.phase === 'connected') return rejoin(state.rejoins);
  if (state.phase === 'reconnecting' && state.way === 'restart-ice') return rejoin(state.rejoins);
  return state.attempt + 1 < MAX_JOIN_ATTEMPTS ? { ...state, attempt: state.attempt + 1 } : undefined;
}

function restartIce(attempt: number, rejoins: number): CallState {
  return { phase: 'reconnecting', way: 'restart-ice', attempt, rejoins };
}

function rejoin(attempt: number): CallState {
  return attempt < MAX_JOIN_ATTEMPTS ? { phase: 'reconnecting', way: 'rejoin', attempt } : GAVE_UP;
}

/** Refusals that may be different a moment later; everything else needs somebody to change something. */
function isPassing(code: CallFailure['code']): boolean {
  switch (code) {
    case 'timeout':
    case 'offline':
    case 'internal':
    case 'rate-limited':
    case 'media-unavailable':
    case 'call-restarted':
    case 'shutting-down':
      return true;
    default:
      return false;
  }
}

/** How long to wait before an attempt; `random` (0 to 1) spreads browsers that lost the same server. */
export function toJoinDelayMs(attempt: number, random: number): number {
  const delayMs = JOIN_DELAYS_MS[Math.min(attempt, JOIN_DELAYS_MS.length - 1)] ?? 0;
  return delayMs === 0 ? 0 : delayMs + Math.round(random * Math.min(delayMs, MAX_JITTER_MS));
}

/** The worse of two transports, with "nothing to carry yet" as the best. */
export function toLinkHealth(states: RTCPeerConnectionState[]): LinkHealth {
  const used = states.filter((state) => state !== 'new');
  if (used.length === 0) return 'idle';
  if (used.some((state) => state === 'failed' || state === 'closed')) return 'down';
  if (used.includes('disconnected')) return 'shaky';
  return used.every((state) => state === 'connected') ? 'up' : 'opening';
}
