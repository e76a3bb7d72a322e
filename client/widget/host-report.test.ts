import { expect, test } from 'vitest';
import { toHostReport } from './host-report.ts';
import { makeActiveConversation, makeAvailability, makeConversation, makeSite } from './widget-fixtures.ts';
import { createWidgetState, nextWidgetState, type WidgetEvent } from './widget-state.ts';

const started: WidgetEvent = {
  kind: 'session-started',
  site: makeSite(),
  availability: makeAvailability(),
  profile: null,
  conversation: null,
};
const fresh = createWidgetState({ isOpen: false, isPoppedOut: false, dismissedId: null });
const known = nextWidgetState(fresh, started);
const ended = makeActiveConversation({ revision: 9, phase: 'ended', endedAt: 9_000, endReason: 'agent-ended' });

test('[V1] the page hears that the widget is ready, and whether somebody is there', () => {
  expect(toHostReport(fresh, known)).toEqual([
    { type: 'event', name: 'ready', value: true },
    { type: 'event', name: 'status', value: true },
  ]);
  const nobody: WidgetEvent = { kind: 'availability-changed', availability: makeAvailability({ isAvailable: false }) };
  expect(toHostReport(known, nextWidgetState(known, nobody))).toEqual([
    { type: 'event', name: 'status', value: false },
  ]);
  expect(toHostReport(known, nextWidgetState(known, started))).toEqual([]);
});

test('[V1] the page hears a conversation start and end once each', () => {
  const waiting = nextWidgetState(known, { kind: 'conversation-changed', conversation: makeConversation() });
  const active = nextWidgetState(waiting, { kind: 'conversation-changed', conversation: makeActiveConversation() });
  const over = nextWidgetState(active, { kind: 'conversation-changed', conversation: ended });
  const home = nextWidgetState(over, { kind: 'went-home' });
  expect(toHostReport(known, waiting)).toEqual([{ type: 'event', name: 'started' }]);
  expect(toHostReport(waiting, active)).toEqual([]);
  expect(toHostReport(active, over)).toEqual([{ type: 'event', name: 'ended' }]);
  expect(toHostReport(over, home)).toEqual([]);
});

test('[V1] a conversation that a reload finds running is not reported as started', () => {
  const running = nextWidgetState(fresh, { ...started, conversation: makeActiveConversation() });
  expect(toHostReport(fresh, running).map((message) => message.type === 'event' && message.name)).toEqual([
    'ready',
    'status',
  ]);
});

test('[V1] the page hears the widget open and close', () => {
  const open = nextWidgetState(known, { kind: 'opened' });
  expect(toHostReport(known, open)).toEqual([{ type: 'event', name: 'open' }]);
  expect(toHostReport(open, nextWidgetState(open, { kind: 'closed' }))).toEqual([{ type: 'event', name: 'close' }]);
});
