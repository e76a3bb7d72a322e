import { expect, test } from 'vitest';
import {
  conversationIdOf,
  makeActiveConversation,
  makeAvailability,
  makeCall,
  makeConversation,
  makeSite,
} from './widget-fixtures.ts';
import { createWidgetState, nextWidgetState, toScreen, type WidgetEvent, type WidgetState } from './widget-state.ts';

const started = (changes: Partial<Extract<WidgetEvent, { kind: 'session-started' }>> = {}): WidgetEvent => ({
  kind: 'session-started',
  site: makeSite(),
  availability: makeAvailability(),
  profile: null,
  conversation: null,
  ...changes,
});
const nobody = makeAvailability({ isAvailable: false, agentCount: 0, agentNames: [] });

function run(...events: WidgetEvent[]): WidgetState {
  return events.reduce(nextWidgetState, createWidgetState({ isOpen: false, isPoppedOut: false, dismissedId: null }));
}
/** What is on the screen: the panel's own screen while it is open. */
function screenOf(state: WidgetState) {
  const screen = toScreen(state);
  return screen.at === 'panel' ? screen.panel : screen;
}
const screenAfter = (...events: WidgetEvent[]) => screenOf(run(...events));

test('[V2] nothing shows until it is known whether anybody is there', () => {
  expect(screenOf(createWidgetState({ isOpen: false, isPoppedOut: false, dismissedId: null }))).toEqual({
    at: 'nothing',
  });
});

test('[V2] the button shows while somebody can take a request and goes when nobody can', () => {
  expect(screenAfter(started())).toEqual({ at: 'button', label: 'live-help' });
  expect(screenAfter(started(), { kind: 'availability-changed', availability: nobody })).toEqual({ at: 'nothing' });
  expect(
    screenAfter(started({ availability: nobody }), { kind: 'availability-changed', availability: makeAvailability() }),
  ).toEqual({ at: 'button', label: 'live-help' });
});

test('[V2] where the site wants it, a message can be left while nobody is there', () => {
  const site = makeSite({ whenUnavailable: 'leave-message' });
  expect(screenAfter(started({ site, availability: nobody }))).toEqual({ at: 'button', label: 'leave-message' });
  expect(screenAfter(started({ site, availability: nobody }), { kind: 'opened' })).toEqual({ at: 'leave-message' });
});

test('[V2] without a connection the button goes, but not the one of a running conversation', () => {
  expect(screenAfter(started(), { kind: 'connection-lost' })).toEqual({ at: 'nothing' });
  expect(screenAfter(started({ conversation: makeActiveConversation() }), { kind: 'connection-lost' })).toEqual({
    at: 'button',
    label: 'live-help',
  });
  expect(screenAfter(started(), { kind: 'connection-lost' }, started())).toEqual({ at: 'button', label: 'live-help' });
});

test('[V2] a running conversation keeps its button when nobody else is there', () => {
  expect(screenAfter(started({ availability: nobody, conversation: makeConversation() }))).toEqual({
    at: 'button',
    label: 'live-help',
  });
});

test('[V1] a site that may not show the widget shows nothing, even when it was open', () => {
  const open = createWidgetState({ isOpen: true, isPoppedOut: false, dismissedId: null });
  for (const code of ['unknown-site', 'wrong-origin'] as const) {
    expect(screenOf(nextWidgetState(open, { kind: 'session-refused', code }))).toEqual({ at: 'nothing' });
  }
});

test('[V1] a widget that was open opens again on the next page, first as its own shape', () => {
  const open = createWidgetState({ isOpen: true, isPoppedOut: false, dismissedId: null });
  expect(screenOf(open)).toEqual({ at: 'loading', isSlow: false });
  expect(screenOf(nextWidgetState(open, started()))).toEqual({ at: 'home' });
});

test('[V1] another refusal can be tried again', () => {
  const failed = run({ kind: 'opened' }, { kind: 'session-refused', code: 'limit-reached' });
  expect(screenOf(failed)).toEqual({ at: 'failed', code: 'limit-reached' });
  expect(screenOf(nextWidgetState(failed, { kind: 'session-retried' }))).toEqual({ at: 'loading', isSlow: false });
});

test('[V1] the page hides the widget and shows it again', () => {
  expect(screenAfter(started(), { kind: 'hidden-by-page' })).toEqual({ at: 'nothing' });
  expect(screenAfter(started(), { kind: 'hidden-by-page' }, { kind: 'shown-by-page' })).toEqual({
    at: 'button',
    label: 'live-help',
  });
  expect(screenAfter(started(), { kind: 'hidden-by-page' }, { kind: 'opened' })).toEqual({ at: 'home' });
});

test('[V3] the page opens the form of one way to talk', () => {
  expect(screenAfter(started(), { kind: 'opened', modality: 'video' })).toEqual({ at: 'form', modality: 'video' });
});

test('[V3] the page cannot open the form of what is not offered, or while nobody is there', () => {
  const open: WidgetEvent = { kind: 'opened', modality: 'video' };
  const textOnly = makeSite({ modalities: ['text'] });
  const leaving = makeSite({ whenUnavailable: 'leave-message' });
  // Asked before and after the site is known.
  for (const order of [(start: WidgetEvent) => [start, open], (start: WidgetEvent) => [open, start]]) {
    expect(screenAfter(...order(started({ site: textOnly })))).toEqual({ at: 'home' });
    expect(screenAfter(...order(started({ availability: nobody })))).toEqual({ at: 'home' });
    expect(screenAfter(...order(started({ site: leaving, availability: nobody })))).toEqual({ at: 'leave-message' });
    expect(screenAfter(...order(started()))).toEqual({ at: 'form', modality: 'video' });
  }
  // What the visitor has begun to fill in stays, though: somebody may come back.
  const begun = [
    started(),
    open,
    { kind: 'availability-changed', availability: nobody },
    started({ availability: nobody }),
  ];
  expect(screenAfter(...(begun as WidgetEvent[]))).toEqual({ at: 'form', modality: 'video' });
});

test('[V3] a choice leads to the form and back leads home', () => {
  expect(screenAfter(started(), { kind: 'opened' }, { kind: 'modality-chosen', modality: 'voice' })).toEqual({
    at: 'form',
    modality: 'voice',
  });
  expect(
    screenAfter(started(), { kind: 'opened' }, { kind: 'modality-chosen', modality: 'voice' }, { kind: 'went-home' }),
  ).toEqual({ at: 'home' });
});

test('[V10] a request waits, is accepted and becomes the conversation', () => {
  const waiting = makeConversation();
  const active = makeActiveConversation();
  const events: WidgetEvent[] = [started(), { kind: 'opened', modality: 'text' }];
  expect(screenAfter(...events, { kind: 'conversation-changed', conversation: waiting })).toEqual({
    at: 'waiting',
    conversation: waiting,
  });
  expect(
    screenAfter(
      ...events,
      { kind: 'conversation-changed', conversation: waiting },
      { kind: 'conversation-changed', conversation: active },
    ),
  ).toEqual({ at: 'conversation', conversation: active });
});

test('[V10] a change in the queue is shown, one of another conversation is not', () => {
  const queue = { position: 1, estimatedWaitMs: 30_000, isAgentBusy: false };
  const conversation = makeConversation();
  const base = [started({ conversation }), { kind: 'opened' }] as const;
  expect(screenAfter(...base, { kind: 'queue-changed', conversationId: conversation.conversationId, queue })).toEqual({
    at: 'waiting',
    conversation: { ...conversation, queue },
  });
  expect(screenAfter(...base, { kind: 'queue-changed', conversationId: conversationIdOf(99), queue })).toEqual({
    at: 'waiting',
    conversation,
  });
});

test('[V10] a place in the queue that was read earlier does not replace a later one, whichever way it comes', () => {
  const queueAt = (readAt: number, position: number) => ({
    position,
    estimatedWaitMs: null,
    isAgentBusy: false,
    readAt,
  });
  const [older, newer] = [queueAt(9_998, 2), queueAt(9_999, 1)];
  const conversation = makeConversation({ queue: newer });
  const { conversationId } = conversation;
  const base = [started({ conversation }), { kind: 'opened' }] as const;
  const late: WidgetEvent[] = [
    { kind: 'queue-changed', conversationId, queue: older },
    { kind: 'conversation-changed', conversation: { ...conversation, revision: 9, queue: older } },
    started({ conversation: { ...conversation, queue: older } }),
  ];
  for (const event of late) {
    expect(screenAfter(...base, event)).toMatchObject({ conversation: { queue: newer } });
  }
  const next = queueAt(10_000, 3);
  expect(screenAfter(...base, { kind: 'queue-changed', conversationId, queue: next })).toMatchObject({
    conversation: { queue: next },
  });
  // A server whose clock was set back is heard again.
  const setBack = queueAt(newer.readAt - 3_600_000, 2);
  expect(screenAfter(...base, { kind: 'queue-changed', conversationId, queue: setBack })).toMatchObject({
    conversation: { queue: setBack },
  });
});

test('[V10] a stale view does not throw an accepted visitor back into the queue', () => {
  const active = makeActiveConversation();
  expect(
    screenAfter(
      started({ conversation: active }),
      { kind: 'opened' },
      { kind: 'conversation-changed', conversation: makeConversation() },
    ),
  ).toEqual({ at: 'conversation', conversation: active });
});

test('[V10] whoever leaves the queue is back at the start', () => {
  const left = makeConversation({
    revision: 2,
    phase: 'ended',
    endedAt: 5_000,
    endReason: 'visitor-left',
    queue: null,
  });
  expect(
    screenAfter(
      started({ conversation: makeConversation() }),
      { kind: 'opened' },
      { kind: 'conversation-changed', conversation: left },
    ),
  ).toEqual({ at: 'home' });
});

test('[V11] a message can be written while waiting, until somebody comes', () => {
  const leaving: WidgetEvent[] = [
    started({ conversation: makeConversation() }),
    { kind: 'opened' },
    { kind: 'leave-message-chosen' },
  ];
  expect(screenAfter(...leaving)).toEqual({ at: 'leave-message' });
  const requeued = makeConversation({ revision: 2 });
  expect(screenAfter(...leaving, { kind: 'conversation-changed', conversation: requeued })).toEqual({
    at: 'leave-message',
  });
  const active = makeActiveConversation();
  expect(screenAfter(...leaving, { kind: 'conversation-changed', conversation: active })).toEqual({
    at: 'conversation',
    conversation: active,
  });
});

test('[V11] the thanks for a message stay until they are read, also when the queue was left with it', () => {
  const left = makeConversation({
    revision: 2,
    phase: 'ended',
    endedAt: 5_000,
    endReason: 'visitor-left',
    queue: null,
  });
  const events: WidgetEvent[] = [
    started({ conversation: makeConversation() }),
    { kind: 'opened' },
    { kind: 'leave-message-chosen' },
    { kind: 'message-left' },
    { kind: 'conversation-changed', conversation: left },
  ];
  expect(screenAfter(...events)).toEqual({ at: 'message-left' });
  expect(screenAfter(...events, { kind: 'closed' }, { kind: 'opened' })).toEqual({ at: 'home' });
});

test('[V15] a reload lands in the running conversation', () => {
  const conversation = makeActiveConversation({ phase: 'held' });
  const reloaded = nextWidgetState(
    createWidgetState({ isOpen: true, isPoppedOut: false, dismissedId: null }),
    started({ conversation }),
  );
  expect(screenOf(reloaded)).toEqual({ at: 'conversation', conversation });
});

test('[C6] an ended conversation stays on the screen until the visitor puts it away for good', () => {
  const ended = makeActiveConversation({ revision: 3, phase: 'ended', endedAt: 9_000, endReason: 'agent-ended' });
  const shown: WidgetEvent[] = [
    started({ conversation: makeActiveConversation() }),
    { kind: 'opened' },
    { kind: 'conversation-changed', conversation: ended },
  ];
  expect(screenAfter(...shown)).toEqual({ at: 'ended', conversation: ended });
  expect(screenAfter(...shown, { kind: 'went-home' })).toEqual({ at: 'home' });
  expect(screenAfter(...shown, { kind: 'went-home' }, started({ conversation: ended }))).toEqual({ at: 'home' });
  expect(screenAfter(...shown, { kind: 'went-home' }, { kind: 'conversation-changed', conversation: ended })).toEqual({
    at: 'home',
  });
});

test('[C6] a conversation that ended while the page was away ends on return', () => {
  const active = makeActiveConversation();
  const state = run(started({ conversation: active }), { kind: 'opened' }, started({ conversation: null }));
  expect(screenOf(state)).toMatchObject({ at: 'ended', conversation: { conversationId: active.conversationId } });
});

test('[C6] what was said last can be read even when it ended behind the visitor’s back', () => {
  const active = makeActiveConversation();
  const ended = makeActiveConversation({ revision: 3, phase: 'ended', endedAt: 9_000, endReason: 'agent-ended' });
  const events: WidgetEvent[] = [
    started({ conversation: active }),
    { kind: 'conversation-changed', conversation: ended },
    { kind: 'availability-changed', availability: nobody },
  ];
  expect(screenAfter(...events)).toEqual({ at: 'button', label: 'live-help' });
  expect(screenAfter(...events, { kind: 'opened' })).toEqual({ at: 'ended', conversation: ended });
  expect(screenAfter(...events, { kind: 'opened' }, { kind: 'closed' })).toEqual({ at: 'nothing' });
});

test('[C1] a conversation started in a second tab appears in this one', () => {
  const other = makeConversation({ conversationId: conversationIdOf(11), queuedAt: 7_000 });
  expect(screenAfter(started(), { kind: 'opened' }, { kind: 'conversation-changed', conversation: other })).toEqual({
    at: 'waiting',
    conversation: other,
  });
});

test('[C1] late news of an older conversation does not replace the running one', () => {
  const running = makeActiveConversation({ conversationId: conversationIdOf(11), queuedAt: 7_000 });
  const older = makeActiveConversation({ queuedAt: 1_000 });
  expect(
    screenAfter(
      started({ conversation: running }),
      { kind: 'opened' },
      { kind: 'conversation-changed', conversation: older },
    ),
  ).toEqual({ at: 'conversation', conversation: running });
});

test('[C16] a call and its conversation bring news in any order, and the newest counts', () => {
  const conversation = makeActiveConversation({ call: makeCall({ revision: 4, phase: 'live' }) });
  const base = [started({ conversation }), { kind: 'opened' }] as const;
  const callAfter = (...events: WidgetEvent[]) => {
    const screen = screenAfter(...base, ...events);
    return screen.at === 'conversation' ? screen.conversation.call : undefined;
  };
  expect(callAfter({ kind: 'call-changed', call: makeCall({ revision: 3 }) })).toMatchObject({ phase: 'live' });
  expect(callAfter({ kind: 'call-changed', call: makeCall({ revision: 5, phase: 'ended' }) })).toMatchObject({
    phase: 'ended',
  });
  const later = { ...conversation, revision: 7, call: makeCall({ revision: 3 }) };
  expect(callAfter({ kind: 'conversation-changed', conversation: later })).toMatchObject({ phase: 'live' });
  const foreign = makeCall({ conversationId: conversationIdOf(77), revision: 9, phase: 'ended' });
  expect(callAfter({ kind: 'call-changed', call: foreign })).toMatchObject({ phase: 'live' });
});

test('[M15] in a window of its own the panel stays open, the page keeps the button, and the page cannot close it', () => {
  const talking = run(started({ conversation: makeConversation() }), { kind: 'opened' }, { kind: 'popped-out' });
  expect(screenOf(talking)).toEqual({ at: 'button', label: 'live-help' });
  const told = [{ kind: 'closed' }, { kind: 'opened' }] as const;
  const still = told.reduce(nextWidgetState, talking);
  expect(still).toMatchObject({ isOpen: true, isPoppedOut: true });
  expect(screenOf(nextWidgetState(still, { kind: 'brought-back' }))).toHaveProperty('conversation');
});
