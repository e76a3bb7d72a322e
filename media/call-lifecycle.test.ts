import { describe, expect, test } from 'vitest';
import {
  dueTimeOf,
  InvalidTransitionError,
  nextCallState,
  type CallEvent,
  type CallState,
  type Seat,
} from './call-lifecycle.ts';
import { proposedCall } from './call-store-contract.ts';
import { toCallState, toCallView, toStateColumns, type CallRecord } from './call-record.ts';
import type { ConversationId } from '../protocol/ids.ts';

const VISITOR = 'seat-visitor';
const AGENT = 'seat-agent';

function seat(party: 'visitor' | 'agent'): Seat {
  return {
    seatId: party === 'visitor' ? VISITOR : AGENT,
    party,
    personId: `person-${party}`,
    name: party,
    isMuted: true,
    isCameraOn: false,
    state: 'joining',
  };
}

const proposed: CallState = {
  modality: 'video',
  proposedBy: 'visitor',
  phase: 'proposed',
  stepUntil: 45_000,
  seats: [seat('visitor'), seat('agent')],
};
const after = (start: CallState, ...events: (CallEvent | [number, CallEvent])[]): CallState => {
  let state = start;
  for (const entry of events) {
    const [now, event] = Array.isArray(entry) ? entry : ([1_000, entry] as const);
    state = nextCallState(state, event, now);
  }
  return state;
};
const accept: CallEvent = { type: 'accept', by: 'agent', connectUntil: 61_000 };
const take = (seatId: string, clientId = `page-of-${seatId}`): CallEvent => ({ type: 'take-seat', seatId, clientId });
const lose = (seatId: string, graceUntil: number, clientId = `page-of-${seatId}`): CallEvent => ({
  type: 'lose-seat',
  seatId,
  clientId,
  graceUntil,
});
const connecting = after(proposed, accept);
const live = after(connecting, [5_000, take(VISITOR)], [6_000, take(AGENT)]);
const stateOfSeat = (state: CallState, seatId: string) => state.seats.find((each) => each.seatId === seatId)?.state;

describe('how a call begins', () => {
  test('[CA4] the other side accepts and both are asked to join', () => {
    expect(connecting).toMatchObject({ phase: 'connecting', stepUntil: 61_000 });
  });
  test('[CA4] who proposed a call cannot accept it for the other side', () => {
    expect(() => after(proposed, { ...accept, by: 'visitor' })).toThrow(InvalidTransitionError);
  });
  test('[CA4] nobody takes a seat before the other side has accepted', () => {
    expect(() => after(proposed, take(VISITOR))).toThrow(InvalidTransitionError);
  });
  test('[CA5] the call is live from the moment both seats are in for the first time', () => {
    expect(after(connecting, take(VISITOR)).phase).toBe('connecting');
    expect(live).toMatchObject({ phase: 'live', liveAt: 6_000 });
  });
  test('[CA5] the timer does not start again when somebody joins again', () => {
    const again = after(live, lose(AGENT, 30_000), [20_000, take(AGENT, 'next-page')]);
    expect(again).toMatchObject({ phase: 'live', liveAt: 6_000 });
  });
});

describe('a call that is prepared while the visitor waits', () => {
  const prepared: CallState = {
    modality: 'video',
    proposedBy: 'visitor',
    phase: 'prepared',
    seats: [seat('visitor')],
  };
  const { seatId, personId, name } = seat('agent');
  const begin: CallEvent = { type: 'begin', agent: { seatId, personId, name }, connectUntil: 61_000 };
  const ready = after(prepared, take(VISITOR));

  test('[CA23] it waits for nothing by itself, and the visitor may take the own seat', () => {
    expect(dueTimeOf(prepared)).toBeNull();
    expect(ready).toMatchObject({ phase: 'prepared' });
    expect(stateOfSeat(ready, VISITOR)).toBe('in');
  });
  test('[CA23] an agent’s acceptance adds a seat, and with that seat taken the call is live', () => {
    const begun = after(ready, begin);
    expect(begun).toMatchObject({ phase: 'connecting', stepUntil: 61_000 });
    expect(after(begun, begin)).toBe(begun);
    expect(after(begun, [7_000, take(AGENT)])).toMatchObject({ phase: 'live', liveAt: 7_000 });
  });
  test('[CA23] there is no seat for an agent before that', () => {
    expect(() => after(ready, take(AGENT))).toThrow();
  });
  test.each([
    { type: 'accept', by: 'visitor', connectUntil: 61_000 },
    { type: 'accept', by: 'agent', connectUntil: 61_000 },
    { type: 'decline', by: 'visitor' },
    { type: 'hang-up', by: 'visitor' },
    { type: 'hold' },
    { type: 'resume' },
  ] as const)('[CA23] nobody can $type what is only prepared', (event) => {
    expect(() => after(ready, event)).toThrow(InvalidTransitionError);
  });
  test('[CA23] a page that is gone frees its seat after the grace, and the waiting goes on', () => {
    const away = after(ready, lose(VISITOR, 20_000));
    expect(dueTimeOf(away)).toBe(20_000);
    const freed = after(away, [20_000, { type: 'time-passed' }]);
    expect(freed).toMatchObject({ phase: 'prepared' });
    expect(stateOfSeat(freed, VISITOR)).toBe('joining');
    expect(stateOfSeat(after(freed, take(VISITOR, 'next-page')), VISITOR)).toBe('in');
  });
  test('[CA23] who is away just when an agent comes has the time to connect to come back', () => {
    const begun = after(ready, lose(VISITOR, 20_000), begin);
    expect(after(begun, [20_000, { type: 'time-passed' }])).toBe(begun);
    expect(after(begun, [61_000, { type: 'time-passed' }])).toMatchObject({ phase: 'ended', endReason: 'unanswered' });
  });
  test('[CA23] it ends with its conversation, and not for want of a media worker', () => {
    expect(after(ready, { type: 'end', reason: 'media-failed' })).toBe(ready);
    expect(after(ready, [9_000, { type: 'end', reason: 'conversation-ended' }])).toMatchObject({
      phase: 'ended',
      liveAt: null,
    });
  });
});

describe('how a call ends', () => {
  test.each([
    ['declined by the other side', proposed, { type: 'decline', by: 'agent' }, 'declined'],
    ['declined by hanging up', proposed, { type: 'hang-up', by: 'agent' }, 'declined'],
    ['taken back by who proposed it', proposed, { type: 'decline', by: 'visitor' }, 'cancelled'],
    ['hung up while it rings by who proposed it', proposed, { type: 'hang-up', by: 'visitor' }, 'cancelled'],
    ['hung up while connecting', connecting, { type: 'hang-up', by: 'visitor' }, 'hung-up'],
    ['hung up while live', live, { type: 'hang-up', by: 'agent' }, 'hung-up'],
    ['closed with its conversation', live, { type: 'end', reason: 'conversation-ended' }, 'conversation-ended'],
    ['lost for want of a media worker', live, { type: 'end', reason: 'media-failed' }, 'media-failed'],
  ] as const)('[CA7] a call %s says so', (_what, start, event, endReason) => {
    const ended = after(start, [9_000, event]);
    expect(ended).toMatchObject({ phase: 'ended', endedAt: 9_000, endReason });
    expect(ended.seats.map(({ state }) => state)).toEqual(['left', 'left']);
    expect(dueTimeOf(ended)).toBeNull();
  });
  test('[CA7] an ended call remembers since when it was live, and none when it never was', () => {
    expect(after(live, { type: 'hang-up', by: 'agent' })).toMatchObject({ liveAt: 6_000 });
    expect(after(connecting, { type: 'hang-up', by: 'agent' })).toMatchObject({ liveAt: null });
  });
  test('[CA7] a running call cannot be declined any more', () => {
    expect(() => after(live, { type: 'decline', by: 'agent' })).toThrow(InvalidTransitionError);
  });
  test('[CA8] nothing brings an ended call back', () => {
    const ended = after(live, { type: 'hang-up', by: 'agent' });
    for (const event of [accept, take(VISITOR), { type: 'hold' }, { type: 'resume' }] as const) {
      expect(() => after(ended, event)).toThrow(InvalidTransitionError);
    }
  });
});

describe('what happens by itself', () => {
  test('[CA9] an unanswered proposal ends when its ringing is over and not before', () => {
    expect(dueTimeOf(proposed)).toBe(45_000);
    expect(after(proposed, [44_999, { type: 'time-passed' }])).toBe(proposed);
    expect(after(proposed, [45_000, { type: 'time-passed' }])).toMatchObject({ endReason: 'unanswered' });
  });
  test('[CA9] a call that never gets two seats in ends when connecting is over', () => {
    const half = after(connecting, take(VISITOR));
    expect(after(half, [61_000, { type: 'time-passed' }])).toMatchObject({ phase: 'ended', endReason: 'unanswered' });
  });
  test('[CA6] a page that is gone leaves its seat away until the grace is over', () => {
    const away = after(live, lose(VISITOR, 30_000));
    expect(stateOfSeat(away, VISITOR)).toBe('away');
    expect(away.phase).toBe('live');
    expect(dueTimeOf(away)).toBe(30_000);
    expect(after(away, [29_999, { type: 'time-passed' }])).toBe(away);
  });
  test('[CA6] who comes back within the grace is in again', () => {
    const back = after(live, lose(VISITOR, 30_000), [29_000, take(VISITOR, 'next-page')]);
    expect(stateOfSeat(back, VISITOR)).toBe('in');
    expect(dueTimeOf(back)).toBeNull();
  });
  test('[CA6] who does not come back has left, and a call of one is over', () => {
    const ended = after(live, lose(VISITOR, 30_000), [30_000, { type: 'time-passed' }]);
    expect(ended).toMatchObject({ phase: 'ended', endReason: 'participant-left', liveAt: 6_000 });
  });
  test('[CA6] the loss of an older page does not touch the seat of the newer one', () => {
    const newer = after(live, take(VISITOR, 'second-tab'));
    expect(after(newer, lose(VISITOR, 30_000))).toBe(newer);
  });
  test('[CA6] of two graces the nearer one is due first', () => {
    expect(dueTimeOf(after(live, lose(VISITOR, 30_000), lose(AGENT, 25_000)))).toBe(25_000);
  });
});

describe('holding', () => {
  test('[CA10] a live call is held and resumed without losing its timer', () => {
    const held = after(live, [8_000, { type: 'hold' }]);
    expect(held).toMatchObject({ phase: 'held', heldAt: 8_000, liveAt: 6_000 });
    expect(after(held, { type: 'resume' })).toEqual(live);
  });
  test('[CA10] a call that is not live yet cannot be held', () => {
    expect(() => after(connecting, { type: 'hold' })).toThrow(InvalidTransitionError);
    expect(() => after(proposed, { type: 'resume' })).toThrow(InvalidTransitionError);
  });
});

test('[CA1] every repeated event is harmless and leaves the very same state', () => {
  const repeats: [CallState, CallEvent][] = [
    [connecting, accept],
    [live, accept],
    [live, take(VISITOR)],
    [live, { type: 'resume' }],
    [live, { type: 'change-tracks', seatId: VISITOR, isMuted: true, isCameraOn: false }],
    [after(live, { type: 'hold' }), { type: 'hold' }],
    [after(live, lose(VISITOR, 30_000)), lose(VISITOR, 31_000)],
  ];
  for (const [state, event] of repeats) expect(after(state, event), event.type).toBe(state);
  const ended = after(live, { type: 'hang-up', by: 'agent' });
  const late: CallEvent[] = [
    { type: 'hang-up', by: 'visitor' },
    { type: 'decline', by: 'agent' },
    { type: 'end', reason: 'conversation-ended' },
    lose(VISITOR, 99_000),
    { type: 'change-tracks', seatId: VISITOR, isMuted: false, isCameraOn: true },
    { type: 'time-passed' },
  ];
  for (const event of late) expect(after(ended, event), event.type).toBe(ended);
});

test('[M5] microphone and camera of a seat are part of the state that both sides see', () => {
  const talking = after(live, { type: 'change-tracks', seatId: VISITOR, isMuted: false, isCameraOn: true });
  expect(talking.seats[0]).toMatchObject({ isMuted: false, isCameraOn: true, state: 'in' });
  expect(talking.seats[1]).toBe(live.seats[1]);
});

test('[CA1] an event for a seat that is not of this call is refused', () => {
  expect(() => after(live, take('seat-of-another-call'))).toThrow(/does not exist/);
});

describe('the row', () => {
  const record = proposedCall('conversation' as ConversationId);
  test.each([
    ['proposed', proposed],
    ['connecting', connecting],
    ['live', live],
    ['held', after(live, { type: 'hold' })],
    ['away', after(live, lose(VISITOR, 30_000))],
    ['ended', after(live, { type: 'hang-up', by: 'agent' })],
    ['ended before it was live', after(proposed, { type: 'decline', by: 'agent' })],
  ] as const)('[CA2] holds the whole state of a call that is %s', (_what, state) => {
    expect(toCallState({ ...record, ...toStateColumns(state) })).toEqual(state);
  });
  test('[CA2] a row that no state fits is refused instead of guessed', () => {
    const damaged: CallRecord = { ...record, phase: 'live', liveAt: null };
    expect(() => toCallState(damaged)).toThrow(/no liveAt/);
  });
  test('[CA1] what both sides see names no person and no page', () => {
    const view = toCallView({ ...record, ...toStateColumns(live) });
    expect(JSON.stringify(view)).not.toMatch(/person-|page-of/);
    expect(view.seats.map(({ name, state }) => [name, state])).toEqual([
      ['visitor', 'in'],
      ['agent', 'in'],
    ]);
  });
});

describe('what carries a shared screen', () => {
  const screen: CallState = {
    modality: 'screen',
    proposedBy: 'visitor',
    phase: 'live',
    liveAt: 1_000,
    seats: [seat('visitor')],
  };
  const viewer = { seatId: AGENT, party: 'agent' as const, personId: 'person-agent', name: 'agent' };

  test('[CA26] takes in who looks, once', () => {
    const seen = after(screen, { type: 'add-viewer', viewer });
    expect(seen.seats.map(({ party }) => party)).toEqual(['visitor', 'agent']);
    expect(nextCallState(seen, { type: 'add-viewer', viewer: { ...viewer, seatId: 'other' } }, 1_000)).toBe(seen);
  });

  test('[CA26] goes on when its pages are gone, and their seats are free again', () => {
    const alone = after(
      screen,
      { type: 'take-seat', seatId: VISITOR, clientId: 'page' },
      { type: 'lose-seat', seatId: VISITOR, clientId: 'page', graceUntil: 21_000 },
      [21_000, { type: 'time-passed' }],
    );
    expect(alone).toMatchObject({ phase: 'live', seats: [{ state: 'joining' }] });
    expect(dueTimeOf(alone)).toBeNull();
  });

  test('[CA26] is not hung up by anybody, and ends with its share', () => {
    for (const by of ['visitor', 'agent'] as const) {
      expect(() => nextCallState(screen, { type: 'hang-up', by }, 1_000)).toThrow(InvalidTransitionError);
      expect(() => nextCallState(screen, { type: 'decline', by }, 1_000)).toThrow(InvalidTransitionError);
    }
    const ended = after(screen, [5_000, { type: 'end', reason: 'share-ended' }]);
    expect(ended).toMatchObject({ phase: 'ended', endReason: 'share-ended', endedAt: 5_000 });
    expect(() => nextCallState(ended, { type: 'add-viewer', viewer }, 6_000)).toThrow(InvalidTransitionError);
  });

  test('[CA26] nobody is added to a call by voice or video that way', () => {
    expect(() => nextCallState(proposed, { type: 'add-viewer', viewer }, 1_000)).toThrow(InvalidTransitionError);
  });
});
