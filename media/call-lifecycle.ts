import type { Party } from '../protocol/ids.ts';
import type { CallEndReason, CallModality } from '../protocol/media.ts';
import { CallError } from './call-error.ts';

/** A place in the call that belongs to one person; `clientId` is the page that holds it. Times are ms since 1970. */
export type Seat = {
  seatId: string;
  party: Party;
  personId: string;
  name: string;
  isMuted: boolean;
  isCameraOn: boolean;
} & (
  | { state: 'joining' }
  | { state: 'in'; clientId: string }
  | { state: 'away'; clientId: string; graceUntil: number }
  | { state: 'left'; leftAt: number }
);

/** What a call is at one moment. Each phase owns the fields that only make sense in it. */
export type CallState = { modality: CallModality; proposedBy: Party; seats: readonly Seat[] } &
  /** The visitor waits and may get ready. There is no seat for an agent yet, so nobody can be heard or seen. */
  (
    | { phase: 'prepared' }
    | { phase: 'proposed'; stepUntil: number }
    | { phase: 'connecting'; stepUntil: number }
    | { phase: 'live'; liveAt: number }
    | { phase: 'held'; liveAt: number; heldAt: number }
    | { phase: 'ended'; liveAt: number | null; endedAt: number; endReason: CallEndReason }
  );

export type CallEvent =
  /** An agent took the request: the call that was prepared begins, with a seat for them. */
  | { type: 'begin'; agent: Pick<Seat, 'seatId' | 'personId' | 'name'>; connectUntil: number }
  /** Somebody who came to the conversation later looks at its screen as well. */
  | { type: 'add-viewer'; viewer: Pick<Seat, 'seatId' | 'party' | 'personId' | 'name'> }
  | { type: 'accept'; by: Party; connectUntil: number }
  | { type: 'decline'; by: Party }
  | { type: 'take-seat'; seatId: string; clientId: string }
  /** The page that holds the seat is gone; another page's loss is not this seat's business. */
  | { type: 'lose-seat'; seatId: string; clientId: string; graceUntil: number }
  | { type: 'change-tracks'; seatId: string; isMuted: boolean; isCameraOn: boolean }
  | { type: 'hold' }
  | { type: 'resume' }
  | { type: 'hang-up'; by: Party }
  | { type: 'end'; reason: Extract<CallEndReason, 'conversation-ended' | 'media-failed' | 'share-ended'> }
  /** Whatever fell due by `now` happens. */
  | { type: 'time-passed' };

/** Thrown for a move that the present phase forbids. */
export class InvalidTransitionError extends CallError {
  constructor(phase: CallState['phase'], event: CallEvent['type']) {
    super('invalid-transition', 'This is not possible at this point of the call.', { details: { phase, event } });
  }
}

/**
 * The only place where a call changes. A repeated event answers the very same object, so that `===` tells whether
 * anything happened; a forbidden one throws. The numbered rules are in docs/spec-calls.md.
 */
export function nextCallState(state: CallState, event: CallEvent, now: number): CallState {
  if (state.phase === 'ended') return afterEnd(state, event);
  switch (event.type) {
    case 'begin':
      return begin(state, event);
    case 'add-viewer':
      return addViewer(state, event);
    case 'accept':
      if (state.phase === 'prepared') throw new InvalidTransitionError(state.phase, event.type);
      if (state.phase !== 'proposed') return state;
      if (event.by === state.proposedBy) throw new InvalidTransitionError(state.phase, event.type);
      return { ...common(state), phase: 'connecting', stepUntil: event.connectUntil };
    case 'decline':
      if (state.phase !== 'proposed') throw new InvalidTransitionError(state.phase, event.type);
      return end(state, event.by === state.proposedBy ? 'cancelled' : 'declined', now);
    case 'hang-up':
      // There is nothing to hang up yet: who does not want to wait any longer leaves the queue. A screen ends with
      // its share.
      if (state.phase === 'prepared' || state.modality === 'screen')
        throw new InvalidTransitionError(state.phase, event.type);
      if (state.phase !== 'proposed') return end(state, 'hung-up', now);
      return end(state, event.by === state.proposedBy ? 'cancelled' : 'declined', now);
    case 'take-seat':
      return takeSeat(state, event.seatId, event.clientId, now);
    case 'lose-seat':
      return changeSeat(state, event.seatId, (seat) =>
        seat.state === 'in' && seat.clientId === event.clientId
          ? { ...person(seat), state: 'away', clientId: seat.clientId, graceUntil: event.graceUntil }
          : seat,
      );
    case 'change-tracks':
      return changeSeat(state, event.seatId, (seat) =>
        seat.state === 'left' || (seat.isMuted === event.isMuted && seat.isCameraOn === event.isCameraOn)
          ? seat
          : { ...seat, isMuted: event.isMuted, isCameraOn: event.isCameraOn },
      );
    case 'hold':
      if (state.phase === 'held') return state;
      if (state.phase !== 'live') throw new InvalidTransitionError(state.phase, event.type);
      return { ...common(state), phase: 'held', liveAt: state.liveAt, heldAt: now };
    case 'resume':
      if (state.phase === 'live') return state;
      if (state.phase !== 'held') throw new InvalidTransitionError(state.phase, event.type);
      return { ...common(state), phase: 'live', liveAt: state.liveAt };
    case 'end':
      // Who waits goes on waiting: by the time an agent comes a media worker may be back.
      if (state.phase === 'prepared' && event.reason === 'media-failed') return state;
      return end(state, event.reason, now);
    case 'time-passed':
      return passTime(state, now);
  }
}

/** When something happens by itself next; null when nothing waits. */
export function dueTimeOf(state: CallState): number | null {
  if (state.phase === 'ended') return null;
  const graces = state.seats.flatMap((seat) => (seat.state === 'away' ? [seat.graceUntil] : []));
  const step = state.phase === 'proposed' || state.phase === 'connecting' ? [state.stepUntil] : [];
  const dueTimes = [...graces, ...step];
  return dueTimes.length === 0 ? null : Math.min(...dueTimes);
}

function afterEnd(state: CallState, event: CallEvent): CallState {
  const revives =
    event.type === 'accept' ||
    event.type === 'take-seat' ||
    event.type === 'add-viewer' ||
    event.type === 'hold' ||
    event.type === 'resume';
  if (revives) throw new InvalidTransitionError(state.phase, event.type);
  return state;
}

function begin(state: CallState, { agent, connectUntil }: Extract<CallEvent, { type: 'begin' }>): CallState {
  if (state.phase !== 'prepared') return state;
  const seats = state.seats.map(
    // As with everybody who is called, the time to connect is also the time to come back.
    (seat): Seat => (seat.state === 'away' ? { ...seat, graceUntil: Math.max(seat.graceUntil, connectUntil) } : seat),
  );
  const joining: Seat = { ...agent, party: 'agent', isMuted: true, isCameraOn: false, state: 'joining' };
  return { ...common(state), seats: [...seats, joining], phase: 'connecting', stepUntil: connectUntil };
}

function addViewer(state: CallState, { viewer }: Extract<CallEvent, { type: 'add-viewer' }>): CallState {
  if (state.modality !== 'screen') throw new InvalidTransitionError(state.phase, 'add-viewer');
  const isKnown = state.seats.some(({ party, personId }) => party === viewer.party && personId === viewer.personId);
  if (isKnown) return state;
  return { ...state, seats: [...state.seats, { ...viewer, ...SILENT, state: 'joining' }] };
}

function takeSeat(state: CallState, seatId: string, clientId: string, now: number): CallState {
  if (state.phase === 'proposed') throw new InvalidTransitionError(state.phase, 'take-seat');
  const taken = changeSeat(state, seatId, (seat) => {
    if (seat.state === 'left') throw new InvalidTransitionError(state.phase, 'take-seat');
    if (seat.state === 'in' && seat.clientId === clientId) return seat;
    return { ...person(seat), state: 'in', clientId };
  });
  const seatsIn = taken.seats.filter((seat) => seat.state === 'in').length;
  if (taken.phase !== 'connecting' || seatsIn < 2) return taken;
  return { ...common(taken), phase: 'live', liveAt: now };
}

function passTime(state: CallState, now: number): CallState {
  if (state.phase === 'proposed' && state.stepUntil <= now) return end(state, 'unanswered', now);
  if (state.phase === 'connecting' && state.stepUntil <= now) return end(state, 'unanswered', now);
  const seats = state.seats.map((seat): Seat => {
    if (seat.state !== 'away' || seat.graceUntil > now) return seat;
    // While waiting the seat is only free again: the place in the queue is the conversation's business. Of a screen
    // it is the share that waits for its people.
    return isHeldOpen(state) ? { ...person(seat), ...SILENT, state: 'joining' } : leave(seat, now);
  });
  if (seats.every((seat, index) => seat === state.seats[index])) return state;
  const moved = { ...state, seats };
  if (isHeldOpen(state)) return moved;
  return seats.filter((seat) => seat.state !== 'left').length < 2 ? end(moved, 'participant-left', now) : moved;
}

function end(state: CallState, endReason: CallEndReason, now: number): CallState {
  const liveAt = state.phase === 'live' || state.phase === 'held' ? state.liveAt : null;
  const seats = state.seats.map((seat): Seat => (seat.state === 'left' ? seat : leave(seat, now)));
  return { ...common(state), seats, phase: 'ended', liveAt, endedAt: now, endReason };
}

/** Its end is somebody else's business: of the waiting, or of what is shared. */
function isHeldOpen({ phase, modality }: CallState): boolean {
  return phase === 'prepared' || modality === 'screen';
}

function leave(seat: Seat, now: number): Seat {
  return { ...person(seat), ...SILENT, state: 'left', leftAt: now };
}

const SILENT = { isMuted: true, isCameraOn: false };

function changeSeat(state: CallState, seatId: string, change: (seat: Seat) => Seat): CallState {
  const index = state.seats.findIndex((seat) => seat.seatId === seatId);
  const seat = state.seats[index];
  if (seat === undefined) throw new CallError('not-found', 'This seat does not exist in the call.');
  const changed = change(seat);
  return changed === seat ? state : { ...state, seats: state.seats.with(index, changed) };
}

function common({ modality, proposedBy, seats }: CallState): Pick<CallState, 'modality' | 'proposedBy' | 'seats'> {
  return { modality, proposedBy, seats };
}

function person({ seatId, party, personId, name, isMuted, isCameraOn }: Seat) {
  return { seatId, party, personId, name, isMuted, isCameraOn };
}
