import { describe, expect, test } from 'vitest';
import {
  FIRST_CALL_STATE,
  nextCallState,
  toJoinDelayMs,
  toLinkHealth,
  type CallState,
  type CallStateEvent,
} from './call-state.ts';

const UP: CallStateEvent = { kind: 'link-changed', health: 'up' };
const DOWN: CallStateEvent = { kind: 'link-changed', health: 'down' };
const SHAKY: CallStateEvent = { kind: 'link-changed', health: 'shaky' };

function run(events: CallStateEvent[], from: CallState = FIRST_CALL_STATE): CallState {
  return events.reduce(nextCallState, from);
}

function refused(code: 'timeout' | 'forbidden' | 'call-ended' | 'media-unavailable'): CallStateEvent {
  return { kind: 'join-refused', failure: { code, message: 'no' } };
}

describe('the way into a call', () => {
  test('[M1] media that flows counts as connected even while the browser still asks for a device', () => {
    expect(run([UP])).toEqual({ phase: 'connected', isShaky: false, rejoins: 0 });
  });

  test('[M1] devices that have settled leave the attempt to join as it is', () => {
    expect(run([refused('timeout'), { kind: 'devices-settled' }])).toEqual({ phase: 'joining', attempt: 1 });
  });

  test('[M1] a join that may succeed later is tried again, a limited number of times', () => {
    const tries = Array.from({ length: 10 }, () => refused('media-unavailable'));
    expect(run(tries)).toMatchObject({ phase: 'acquiring', attempt: 10 });
    expect(run([...tries, refused('media-unavailable')])).toMatchObject({ phase: 'failed', code: 'media-unavailable' });
  });

  test('[M1] a refusal that waiting does not change fails at once and can be tried again by hand', () => {
    const failed = run([refused('forbidden')]);
    expect(failed).toMatchObject({ phase: 'failed', code: 'forbidden' });
    expect(nextCallState(failed, { kind: 'retry-asked' })).toEqual({ phase: 'joining', attempt: 0 });
  });

  test('[M1] joining a call that has ended ends here as well', () => {
    expect(run([refused('call-ended')])).toEqual({ phase: 'ended', reason: 'hung-up' });
  });
});

describe('the way back into a call', () => {
  test('[M8] a shaky link that heals by itself is never called reconnecting', () => {
    expect(run([UP, SHAKY])).toMatchObject({ phase: 'connected', isShaky: true });
    expect(run([UP, SHAKY, UP])).toMatchObject({ phase: 'connected', isShaky: false });
  });

  test('[M8] a shaky link that does not heal is restarted, and after two failures joined anew', () => {
    const shaky = run([UP, SHAKY, { kind: 'healing-timed-out' }]);
    expect(shaky).toMatchObject({ phase: 'reconnecting', way: 'restart-ice', attempt: 0 });
    const again = run([{ kind: 'restart-failed' }], shaky);
    expect(again).toMatchObject({ way: 'restart-ice', attempt: 1 });
    expect(run([{ kind: 'restart-failed' }], again)).toMatchObject({ way: 'rejoin', attempt: 0 });
  });

  test('[M8] a failed link is restarted at once', () => {
    expect(run([UP, DOWN])).toMatchObject({ phase: 'reconnecting', way: 'restart-ice' });
  });

  test('[M9] media that has moved to another worker is joined without a detour', () => {
    expect(run([UP, { kind: 'media-restarted' }])).toEqual({ phase: 'reconnecting', way: 'rejoin', attempt: 0 });
  });

  test('[M9] a link that breaks again right after it was rebuilt waits longer each time and gives up in the end', () => {
    const twice = run([UP, { kind: 'media-restarted' }, UP, { kind: 'media-restarted' }]);
    expect(twice).toEqual({ phase: 'reconnecting', way: 'rejoin', attempt: 1 });
    const many = Array.from({ length: 11 }, (): CallStateEvent[] => [{ kind: 'media-restarted' }, UP]).flat();
    expect(run([UP, ...many, { kind: 'media-restarted' }])).toMatchObject({
      phase: 'failed',
      code: 'media-unavailable',
    });
  });

  test('[M9] a link that has held for a while starts with a clean record', () => {
    const steady = run([UP, { kind: 'media-restarted' }, UP, { kind: 'proved-stable' }]);
    expect(steady).toEqual({ phase: 'connected', isShaky: false, rejoins: 0 });
  });

  test('[M8] an ICE restart does not clear the record of rebuilt links', () => {
    const events: CallStateEvent[] = [UP, { kind: 'media-restarted' }, UP, DOWN, UP];
    expect(run(events)).toMatchObject({ phase: 'connected', rejoins: 1 });
  });
});

test('[C6] nothing brings an ended call back', () => {
  const ended: CallState = { phase: 'ended', reason: 'hung-up' };
  for (const event of [UP, DOWN, { kind: 'retry-asked' }, { kind: 'media-restarted' }] satisfies CallStateEvent[]) {
    expect(nextCallState(ended, event)).toBe(ended);
  }
});

test('[M8] waits between attempts grow, and no two browsers wait equally long', () => {
  expect(toJoinDelayMs(0, 1)).toBe(0);
  const waits = [1, 2, 3, 4, 5, 9].map((attempt) => toJoinDelayMs(attempt, 0));
  expect(waits).toEqual([300, 1_200, 2_700, 4_800, 7_000, 7_000]);
  expect(toJoinDelayMs(3, 0.5)).toBe(3_200);
});

test('[M8] the worse of the two transports decides, and one with nothing to carry does not count', () => {
  expect(toLinkHealth(['new', 'new'])).toBe('idle');
  expect(toLinkHealth(['connected', 'new'])).toBe('up');
  expect(toLinkHealth(['connected', 'connecting'])).toBe('opening');
  expect(toLinkHealth(['connected', 'disconnected'])).toBe('shaky');
  expect(toLinkHealth(['failed', 'disconnected'])).toBe('down');
});
