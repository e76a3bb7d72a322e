import type { CallId } from '../protocol/ids.ts';
import { CallError, callFaults } from './call-error.ts';
import type { CallStore } from './call-host.ts';
import { nextCallState, type CallEvent } from './call-lifecycle.ts';
import { noticeOfChange } from './call-notices.ts';
import { toCallState, toStateColumns, type CallRecord } from './call-record.ts';

export interface CallChanges {
  /** Stores what `decide` makes of the row; the same object back means that nothing changes. */
  change(callId: CallId, decide: (record: CallRecord) => CallRecord): Promise<CallRecord>;
  /** Sends an event through the life cycle. A function is asked for its event when it is this call's turn. */
  apply(callId: CallId, event: CallEvent | (() => CallEvent), now: number): Promise<CallRecord>;
}

/** Each lost write means that another node changed the call in between; that happens once, not forever. */
const MAX_ATTEMPTS = 8;

/**
 * The one way a stored call changes: read, decide, write on condition that nobody wrote meanwhile. Within this process
 * a call's changes take turns, and `onChanged` hears of them in their order.
 */
export function createCallChanges(
  store: CallStore,
  onChanged: (before: CallRecord, after: CallRecord) => void,
): CallChanges {
  const turns = new Map<CallId, Promise<unknown>>();

  function inTurn<Result>(callId: CallId, work: () => Promise<Result>): Promise<Result> {
    const turn = (turns.get(callId) ?? Promise.resolve()).then(work, work);
    turns.set(callId, turn);
    const tidy = () => {
      if (turns.get(callId) === turn) turns.delete(callId);
    };
    turn.then(tidy, tidy);
    return turn;
  }

  async function change(callId: CallId, decide: (record: CallRecord) => CallRecord): Promise<CallRecord> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const before = await store.findCall(callId);
      if (before === undefined) throw callFaults.notFound();
      const decided = decide(before);
      if (decided === before) return before;
      const after = { ...decided, revision: before.revision + 1 };
      if (await store.saveCall(after, before.revision, noticeOfChange(before, after))) {
        onChanged(before, after);
        return after;
      }
    }
    throw new CallError('internal', 'The call could not be changed. Please try again.');
  }

  return {
    change: (callId, decide) => inTurn(callId, () => change(callId, decide)),
    apply: (callId, event, now) =>
      inTurn(callId, () =>
        change(callId, (record) => {
          const state = toCallState(record);
          const moved = nextCallState(state, typeof event === 'function' ? event() : event, now);
          return moved === state ? record : { ...record, ...toStateColumns(moved) };
        }),
      ),
  };
}
