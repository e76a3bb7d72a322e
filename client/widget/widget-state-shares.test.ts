import { expect, test } from 'vitest';
import type { ShareId } from '../../protocol/ids.ts';
import {
  conversationIdOf,
  makeActiveConversation,
  makeAvailability,
  makeLiveShare,
  makeShare,
  makeSite,
} from './widget-fixtures.ts';
import { createWidgetState, nextWidgetState, toScreen, type WidgetEvent, type WidgetState } from './widget-state.ts';

const started = (shares = [makeLiveShare()]): WidgetEvent => ({
  kind: 'session-started',
  site: makeSite(),
  availability: makeAvailability(),
  profile: null,
  conversation: makeActiveConversation({ shares }),
});
const changed = (share = makeLiveShare()): WidgetEvent => ({ kind: 'share-changed', share });

function run(...events: WidgetEvent[]): WidgetState {
  return events.reduce(nextWidgetState, createWidgetState({ isOpen: false, isPoppedOut: false, dismissedId: null }));
}
const sharesAfter = (...events: WidgetEvent[]) => {
  const { session } = run(...events);
  return session.phase === 'known' ? session.conversation?.shares : undefined;
};
const ended = makeLiveShare({ revision: 9, phase: 'ended', endReason: 'ended-by-sharer', endedAt: 9_000 });

test('[B1] a share that the agent asks for is known at once, and late news of it is dropped', () => {
  expect(sharesAfter(started([]), changed(makeShare()))).toEqual([makeShare()]);
  const live = makeLiveShare({ revision: 5 });
  expect(sharesAfter(started([live]), changed(makeShare({ revision: 2 })))).toEqual([live]);
});

test('[B2] a share that has ended does not come back with a late view of the conversation', () => {
  const late: WidgetEvent = {
    kind: 'conversation-changed',
    conversation: makeActiveConversation({ revision: 3, shares: [makeLiveShare()] }),
  };
  expect(sharesAfter(started(), changed(ended), late)).toEqual([ended]);
  const next = makeShare({ shareId: '018f0000-0000-7000-8000-000000000031' as ShareId, askedAt: 9_500 });
  expect(sharesAfter(started(), changed(ended), changed(next), late)).toEqual([next]);
});

test('[B2] a view of the conversation that was made before the share does not take it away', () => {
  const early: WidgetEvent = { kind: 'conversation-changed', conversation: makeActiveConversation({ revision: 3 }) };
  expect(sharesAfter(started([]), changed(), early)).toEqual([makeLiveShare()]);
});

test('[B2] what ended while this page was away has ended here too', () => {
  expect(sharesAfter(started(), { kind: 'connection-lost' }, started([]))).toEqual([]);
});

test('[B2] a share of each kind stands beside the other, and all end with the conversation', () => {
  const screen = makeLiveShare({ kind: 'screen', shareId: '018f0000-0000-7000-8000-000000000032' as ShareId });
  expect(sharesAfter(started(), changed(screen))).toHaveLength(2);
  const end = makeActiveConversation({ revision: 4, phase: 'ended', endReason: 'agent-ended', shares: [screen] });
  expect(sharesAfter(started(), changed(screen), { kind: 'conversation-changed', conversation: end })).toEqual([]);
});

test('[B2] news of another conversation’s share changes nothing', () => {
  const foreign = makeShare({ conversationId: conversationIdOf(99) });
  const before = run(started());
  expect(nextWidgetState(before, changed(foreign))).toBe(before);
});

test('[B2] while something is shared the page cannot hide the way to end it', () => {
  const hide: WidgetEvent = { kind: 'hidden-by-page' };
  expect(toScreen(run(started(), hide)).at).toBe('button');
  expect(toScreen(run(started(), hide, changed(ended))).at).toBe('nothing');
  expect(toScreen(run(started([makeShare()]), hide)).at).toBe('nothing');
});
