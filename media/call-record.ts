import type { CallId, ConversationId, Party, SeatId } from '../protocol/ids.ts';
import type { CallEndReason, CallModality, CallView } from '../protocol/media.ts';
import { dueTimeOf, type CallState, type Seat } from './call-lifecycle.ts';

/** One row of calls: every field is a column, `seats` a JSON array. Times are ms since 1970. */
export interface CallRecord {
  callId: CallId;
  conversationId: ConversationId;
  /** Grows by one with every stored change; `saveCall` compares it. */
  revision: number;
  /** The node whose media worker holds the call. */
  homeNodeId: string;
  /** How often the call's room has been built; 0 until the first time. */
  generation: number;
  modality: CallModality;
  proposedBy: Party;
  proposedAt: number;
  phase: CallState['phase'];
  /** End of ringing or connecting; null in the other phases. */
  stepUntil: number | null;
  /** When the sweep has something to do; null when nothing waits. */
  dueAt: number | null;
  liveAt: number | null;
  heldAt: number | null;
  endedAt: number | null;
  endReason: CallEndReason | null;
  seats: Seat[];
}

/** The state in a row. A row that no state fits was damaged from outside and is refused. */
export function toCallState(record: CallRecord): CallState {
  const { modality, proposedBy, seats } = record;
  const common = { modality, proposedBy, seats };
  switch (record.phase) {
    case 'prepared':
      return { ...common, phase: 'prepared' };
    case 'proposed':
    case 'connecting':
      return { ...common, phase: record.phase, stepUntil: present(record, 'stepUntil') };
    case 'live':
      return { ...common, phase: 'live', liveAt: present(record, 'liveAt') };
    case 'held':
      return { ...common, phase: 'held', liveAt: present(record, 'liveAt'), heldAt: present(record, 'heldAt') };
    case 'ended':
      return {
        ...common,
        phase: 'ended',
        liveAt: record.liveAt,
        endedAt: present(record, 'endedAt'),
        endReason: present(record, 'endReason'),
      };
  }
}

/** The columns that follow from a state. */
export function toStateColumns(state: CallState) {
  return {
    modality: state.modality,
    proposedBy: state.proposedBy,
    seats: [...state.seats],
    phase: state.phase,
    dueAt: dueTimeOf(state),
    stepUntil: state.phase === 'proposed' || state.phase === 'connecting' ? state.stepUntil : null,
    liveAt: 'liveAt' in state ? state.liveAt : null,
    heldAt: state.phase === 'held' ? state.heldAt : null,
    endedAt: state.phase === 'ended' ? state.endedAt : null,
    endReason: state.phase === 'ended' ? state.endReason : null,
  } satisfies Partial<CallRecord>;
}

/** What both sides see of a call. Who the persons are stays on the server. */
export function toCallView(record: CallRecord): CallView {
  const { callId, conversationId, revision, phase, modality, proposedBy, proposedAt, liveAt, endedAt, endReason } =
    record;
  const seats = record.seats.map(({ seatId, party, name, state, isMuted, isCameraOn }) => ({
    seatId: seatId as SeatId,
    party,
    name,
    state,
    isMuted,
    isCameraOn,
  }));
  return {
    callId,
    conversationId,
    revision,
    phase,
    modality,
    proposedBy,
    proposedAt,
    liveAt,
    endedAt,
    endReason,
    seats,
  };
}

function present<Field extends 'stepUntil' | 'liveAt' | 'heldAt' | 'endedAt' | 'endReason'>(
  record: CallRecord,
  field: Field,
): NonNullable<CallRecord[Field]> {
  const value = record[field];
  if (value === null) throw new Error(`The stored call ${record.callId} is ${record.phase} but has no ${field}.`);
  return value;
}

/** Of a screen, whoever shows it has proposed it; the others look. */
export function listWatchers({ phase, proposedBy, seats }: CallRecord): string[] {
  if (phase === 'ended') return [];
  return seats.filter(({ party, state }) => party !== proposedBy && state === 'in').map(({ name }) => name);
}
