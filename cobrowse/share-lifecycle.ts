import type { Party } from '../protocol/ids.ts';
import type {
  ShareEndReason,
  ShareGrant,
  ShareGrantName,
  ShareKind,
  SharePauseReason,
  ShareScope,
} from '../protocol/sharing.ts';
import { ShareError, shareFaults } from './share-error.ts';

/** A wish of the agent that the visitor has not answered yet. */
interface AskedGrant {
  grant: ShareGrantName;
  until: number;
}

/** What an allowed share holds, whether something is sent at this moment or not. Times are ms since 1970. */
interface Shared {
  scope: ShareScope;
  grants: readonly ShareGrant[];
  askedGrant: AskedGrant | null;
  /** While set, no page of the sharer is there; the share ends at this time unless one comes back. */
  graceUntil: number | null;
  /** While set, no page of the agent who looks is there; the share ends at this time unless one comes back. */
  viewerGraceUntil: number | null;
  liveAt: number | null;
}

/** What a share is at one moment. Each phase owns the fields that only make sense in it. */
export type ShareState = { kind: ShareKind; sharer: Party; askedBy: Party; scopeNumber: number } & (
  | { phase: 'asked'; answerUntil: number }
  | ({ phase: 'allowed' } & Shared)
  | ({ phase: 'live' } & Shared & { liveAt: number })
  | ({ phase: 'paused'; pausedBecause: SharePauseReason } & Shared)
  | { phase: 'ended'; scope: ShareScope | null; liveAt: number | null; endedAt: number; endReason: ShareEndReason }
);
type OpenState = Exclude<ShareState, { phase: 'asked' | 'ended' }>;

export type ShareEvent =
  /** The sharer's own click; the only way by which anything begins to be shown. */
  | { type: 'allow'; by: Party; scope: ShareScope; grants: readonly ShareGrant[]; graceUntil: number | null }
  | { type: 'decline'; by: Party }
  /** The first picture of the present scope has arrived. */
  | { type: 'start' }
  | { type: 'change-scope'; by: Party; scope: ShareScope }
  | { type: 'pause'; by: Party; reason: SharePauseReason }
  | { type: 'resume'; by: Party; graceUntil: number | null }
  | { type: 'ask-grant'; by: Party; grant: ShareGrantName; until: number }
  | { type: 'give-grant'; by: Party; grant: ShareGrantName; expiresAt: number | null }
  /** Takes it back, or answers "no" to an asked one. */
  | { type: 'refuse-grant'; by: Party; grant: ShareGrantName }
  | { type: 'lose-sharer'; graceUntil: number }
  | { type: 'regain-sharer' }
  | { type: 'lose-viewer'; graceUntil: number }
  | { type: 'regain-viewer' }
  | { type: 'end'; by: Party; because: 'by-person' | 'stopped-in-browser' | 'failed' }
  | { type: 'end-with-conversation' }
  /** Whatever fell due by `now` happens. */
  | { type: 'time-passed' };

/** Thrown for a move that the present phase, or the side that asks for it, forbids. */
export class InvalidTransitionError extends ShareError {
  constructor(phase: ShareState['phase'], event: ShareEvent['type']) {
    super('invalid-transition', 'This is not possible at this point of the sharing.', { details: { phase, event } });
  }
}

/**
 * The only place where a share changes. A repeated event answers the very same object, so that `===` tells whether
 * anything happened; a forbidden one throws. The numbered rules are in docs/spec-sharing.md.
 */
export function nextShareState(state: ShareState, event: ShareEvent, now: number): ShareState {
  if (state.phase === 'ended') return afterEnd(state, event);
  switch (event.type) {
    case 'decline':
      if (state.phase !== 'asked') throw new InvalidTransitionError(state.phase, event.type);
      return end(state, event.by === state.askedBy ? 'cancelled' : 'declined', now);
    case 'end':
      return end(state, endReasonOf(state, event), now);
    case 'end-with-conversation':
      return end(state, 'conversation-ended', now);
    case 'allow':
      if (event.by !== state.sharer) throw new InvalidTransitionError(state.phase, event.type);
      if (state.phase !== 'asked') return state;
      return {
        ...common(state),
        phase: 'allowed',
        scopeNumber: state.scopeNumber + 1,
        scope: scopeFor(state, event),
        grants: mayHaveGrants(state) ? event.grants : [],
        askedGrant: null,
        graceUntil: event.graceUntil,
        viewerGraceUntil: null,
        liveAt: null,
      };
    case 'time-passed':
      if (state.phase !== 'asked') return passTime(state, now);
      return state.answerUntil <= now ? end(state, 'unanswered', now) : state;
    default:
      if (state.phase === 'asked') throw new InvalidTransitionError(state.phase, event.type);
      return changeOpen(state, event, now);
  }
}

/** When something happens by itself next; null when nothing waits. */
export function dueTimeOf(state: ShareState): number | null {
  if (state.phase === 'ended') return null;
  if (state.phase === 'asked') return state.answerUntil;
  const dueTimes = [
    ...state.grants.map(({ expiresAt }) => expiresAt),
    state.askedGrant?.until ?? null,
    state.graceUntil,
    state.viewerGraceUntil,
  ].filter((time) => time !== null);
  return dueTimes.length === 0 ? null : Math.min(...dueTimes);
}

type EventWhileOpen = Exclude<
  ShareEvent,
  { type: 'decline' | 'end' | 'end-with-conversation' | 'allow' | 'time-passed' }
>;

function changeOpen(state: OpenState, event: EventWhileOpen, now: number): ShareState {
  switch (event.type) {
    case 'start':
      return state.phase === 'allowed' ? { ...state, phase: 'live', liveAt: state.liveAt ?? now } : state;
    case 'change-scope':
      requireSharer(state, event);
      if (isSameScope(state.scope, event.scope)) return state;
      return { ...state, scopeNumber: state.scopeNumber + 1, scope: scopeFor(state, event) };
    case 'pause':
      requireSharer(state, event);
      return pause(state, event.reason);
    case 'resume':
      requireSharer(state, event);
      return resume(state, event.graceUntil);
    case 'ask-grant':
      if (event.by === state.sharer || !mayHaveGrants(state)) throw new InvalidTransitionError(state.phase, event.type);
      if (state.askedGrant?.grant === event.grant || holds(state, event.grant)) return state;
      return { ...state, askedGrant: { grant: event.grant, until: event.until } };
    case 'give-grant':
      requireSharer(state, event);
      if (!mayHaveGrants(state)) throw new InvalidTransitionError(state.phase, event.type);
      return giveGrant(state, event.grant, event.expiresAt);
    case 'refuse-grant':
      requireSharer(state, event);
      if (!holds(state, event.grant) && state.askedGrant?.grant !== event.grant) return state;
      return { ...state, ...withoutGrant(state, event.grant) };
    case 'lose-sharer':
      // A paused page sends nothing, so that nobody can tell whether it is there; the conversation's own grace counts.
      if (state.graceUntil !== null || (state.phase === 'paused' && state.kind === 'co-browse')) return state;
      return { ...state, graceUntil: event.graceUntil };
    case 'regain-sharer':
      return state.graceUntil === null ? state : { ...state, graceUntil: null };
    case 'lose-viewer':
      // What an agent shows ends with the page that shows it; a visitor who has gone ends the conversation.
      if (state.viewerGraceUntil !== null || state.sharer === 'agent') return state;
      return { ...state, viewerGraceUntil: event.graceUntil };
    case 'regain-viewer':
      return state.viewerGraceUntil === null ? state : { ...state, viewerGraceUntil: null };
  }
}

function afterEnd(state: ShareState, event: ShareEvent): ShareState {
  switch (event.type) {
    case 'decline':
    case 'end':
    case 'end-with-conversation':
    case 'refuse-grant':
    case 'pause':
    case 'lose-sharer':
    case 'regain-sharer':
    case 'lose-viewer':
    case 'regain-viewer':
    case 'time-passed':
      return state;
    default:
      throw shareFaults.ended();
  }
}

function pause(state: OpenState, reason: SharePauseReason): ShareState {
  if (state.phase !== 'paused') {
    const graceUntil = state.kind === 'co-browse' ? null : state.graceUntil;
    return { ...state, phase: 'paused', scopeNumber: state.scopeNumber + 1, pausedBecause: reason, graceUntil };
  }
  // Who has paused by hand goes on by hand: a page that pauses by itself must not become the reason.
  if (state.pausedBecause === reason || state.pausedBecause === 'by-visitor') return state;
  return { ...state, pausedBecause: reason };
}

function resume(state: OpenState, graceUntil: number | null): ShareState {
  if (state.phase !== 'paused') return state;
  const { phase: _paused, pausedBecause: _why, liveAt, ...shared } = state;
  const resumed = { ...shared, scopeNumber: state.scopeNumber + 1, graceUntil: graceUntil ?? state.graceUntil };
  return liveAt === null ? { ...resumed, phase: 'allowed', liveAt } : { ...resumed, phase: 'live', liveAt };
}

function giveGrant(state: OpenState, grant: ShareGrantName, expiresAt: number | null): ShareState {
  const held = state.grants.find((each) => each.grant === grant);
  if (held?.expiresAt === expiresAt && state.askedGrant?.grant !== grant) return state;
  const { grants, askedGrant } = withoutGrant(state, grant);
  return { ...state, grants: [...grants, { grant, expiresAt }], askedGrant };
}

function withoutGrant(state: OpenState, grant: ShareGrantName): Pick<OpenState, 'grants' | 'askedGrant'> {
  return {
    grants: state.grants.filter((each) => each.grant !== grant),
    askedGrant: state.askedGrant?.grant === grant ? null : state.askedGrant,
  };
}

function passTime(state: OpenState, now: number): ShareState {
  const [sharerUntil, viewerUntil] = [state.graceUntil ?? Infinity, state.viewerGraceUntil ?? Infinity];
  if (Math.min(sharerUntil, viewerUntil) <= now) {
    return end(state, sharerUntil <= viewerUntil ? 'sharer-left' : 'viewer-left', now);
  }
  const grants = state.grants.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  const askedGrant = state.askedGrant && state.askedGrant.until > now ? state.askedGrant : null;
  if (grants.length === state.grants.length && askedGrant === state.askedGrant) return state;
  return { ...state, grants, askedGrant };
}

function end(state: Exclude<ShareState, { phase: 'ended' }>, endReason: ShareEndReason, now: number): ShareState {
  const { scope, liveAt } = state.phase === 'asked' ? { scope: null, liveAt: null } : state;
  return {
    ...common(state),
    phase: 'ended',
    scopeNumber: state.scopeNumber + 1,
    scope,
    liveAt,
    endedAt: now,
    endReason,
  };
}

function endReasonOf(
  state: Exclude<ShareState, { phase: 'ended' }>,
  { by, because }: Extract<ShareEvent, { type: 'end' }>,
): ShareEndReason {
  if (because === 'failed') return 'failed';
  if (state.phase === 'asked') return by === state.askedBy ? 'cancelled' : 'declined';
  if (by !== state.sharer) return 'ended-by-viewer';
  return because === 'stopped-in-browser' ? 'stopped-in-browser' : 'ended-by-sharer';
}

/** A screen is shared as a screen and a page as a page, whatever is asked for. */
function scopeFor(state: ShareState, event: Extract<ShareEvent, { type: 'allow' | 'change-scope' }>): ShareScope {
  if ((state.kind === 'screen') !== (event.scope.kind === 'screen')) {
    throw new InvalidTransitionError(state.phase, event.type);
  }
  return event.scope;
}

/** Permissions are of the visitor's page: nobody points or acts on a picture of a screen. */
function mayHaveGrants({ kind, sharer }: ShareState): boolean {
  return kind === 'co-browse' && sharer === 'visitor';
}

function requireSharer(state: ShareState, event: { type: ShareEvent['type']; by: Party }): void {
  if (event.by !== state.sharer) throw new InvalidTransitionError(state.phase, event.type);
}

function holds(state: OpenState, grant: ShareGrantName): boolean {
  return state.grants.some((each) => each.grant === grant);
}

/** Which part is shared or hidden stays in the browser: two scopes may differ although their words do not. */
export function isSameScope(before: ShareScope, after: ShareScope): boolean {
  if (before.kind === 'screen') return after.kind === 'screen' && before.surface === after.surface;
  return before.kind === 'page' && after.kind === 'page' && before.hiddenParts + after.hiddenParts === 0;
}

function common({ kind, sharer, askedBy, scopeNumber }: ShareState) {
  return { kind, sharer, askedBy, scopeNumber };
}
