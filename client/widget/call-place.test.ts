import { expect, test } from 'vitest';
import type { CallId, SeatId } from '../../protocol/ids.ts';
import type { SeatView } from '../../protocol/media.ts';
import { toCallPlace } from './call-place.ts';
import { conversationIdOf, makeCall } from './widget-fixtures.ts';

const ownSeat = (state: SeatView['state']): SeatView => ({
  seatId: '018f0000-0000-7000-8000-000000000030' as SeatId,
  party: 'visitor',
  name: 'Ana',
  state,
  isMuted: false,
  isCameraOn: false,
});

test('[M3] the agent’s proposal rings, the own one waits for an answer', () => {
  expect(toCallPlace(makeCall(), null).at).toBe('incoming');
  expect(toCallPlace(makeCall({ proposedBy: 'visitor' }), null).at).toBe('outgoing');
  expect(toCallPlace(makeCall({ phase: 'ended' }), null).at).toBe('none');
  expect(toCallPlace(null, null).at).toBe('none');
});

test('[M3] an accepted proposal opens in the tab of the click, before the server has answered', () => {
  const call = makeCall();
  expect(toCallPlace(call, call.callId).at).toBe('here');
});

test('[V3] a call that was asked for with the request starts in the tab that asked', () => {
  const call = makeCall({ phase: 'connecting', proposedBy: 'visitor' });
  expect(toCallPlace(call, conversationIdOf(10)).at).toBe('here');
  expect(toCallPlace(call, conversationIdOf(11)).at).toBe('unheld');
  expect(toCallPlace(call, '018f0000-0000-7000-8000-000000000099' as CallId).at).toBe('unheld');
});

test('[M4] who waits for a call gets ready in the tab that asked for it, and nowhere else', () => {
  const call = makeCall({ phase: 'prepared', proposedBy: 'visitor', seats: [ownSeat('joining')] });
  expect(toCallPlace(call, conversationIdOf(10)).at).toBe('waiting');
  expect(toCallPlace(call, call.callId).at).toBe('waiting');
  expect(toCallPlace(call, null).at).toBe('none');
  expect(toCallPlace(call, conversationIdOf(11)).at).toBe('none');
});

test('[M15] the tab that held the call before a change of page holds it again', () => {
  const call = makeCall({ phase: 'live', seats: [ownSeat('away')] });
  expect(toCallPlace(call, call.callId).at).toBe('here');
});

test('[C1] a second tab says that the call runs elsewhere, or takes a seat that nobody holds', () => {
  expect(toCallPlace(makeCall({ phase: 'live', seats: [ownSeat('in')] }), null).at).toBe('elsewhere');
  expect(toCallPlace(makeCall({ phase: 'live', seats: [ownSeat('away')] }), null).at).toBe('unheld');
  expect(toCallPlace(makeCall({ phase: 'live', seats: [ownSeat('left')] }), null).at).toBe('unheld');
});
