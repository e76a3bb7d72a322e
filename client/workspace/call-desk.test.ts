import { signal } from '@preact/signals';
import { expect, test, vi } from 'vitest';
import type { CallState } from '../../media/browser/call-state.ts';
import type { CallSession, CallSessionOptions } from '../../media/browser/call-session.ts';
import type { CallSignalling } from '../../media/browser/call-signalling.ts';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { CallId } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import { createSafeStorage } from '../connection/safe-storage.ts';
import { createCallDesk } from './call-desk.ts';
import type { CreateSession } from './call-desk.ts';
import { callOf, conversationOf, NINE_OCLOCK, offerOf, sessionOf } from './desk-fixtures.ts';
import { emptyDesk, nextDesk } from './desk-state.ts';
import type { DeskState } from './desk-state.ts';

type Made = { options: CallSessionOptions; isClosed: boolean; end: (state: CallState) => void };
type ShownSession = Pick<CallSession, 'callId' | 'state' | 'remoteSeats' | 'update' | 'close'>;

/** A tab of the workspace whose calls are made of nothing but their state. */
function tabWithCalls({ memory = createSafeStorage(undefined), isLoadFailing = false, isAcceptRefused = false } = {}) {
  const desk = signal<DeskState>(emptyDesk);
  const made: Made[] = [];
  const asked: string[] = [];
  const told: string[] = [];
  const prepared: string[] = [];
  const createSession = (options: CallSessionOptions): ShownSession => {
    const state = signal<CallState>({ phase: 'connected', isShaky: false, rejoins: 0 });
    const session: Made = { options, isClosed: false, end: (ended) => (state.value = ended) };
    made.push(session);
    return {
      callId: options.callId,
      state,
      remoteSeats: signal([]),
      update: (call) => {
        if (call.phase === 'ended') state.value = { phase: 'ended', reason: 'hung-up' };
      },
      close: () => {
        session.isClosed = true;
        state.value = { phase: 'ended', reason: 'left' };
      },
    };
  };
  const ringing: CallId[][] = [];
  const signalling: CallSignalling = {
    request: async (name) => {
      asked.push(name);
      if (isAcceptRefused) throw new Error('Refused.');
      return {} as never;
    },
    on: () => () => {},
  };
  const calls = createCallDesk({
    desk,
    signalling,
    memory,
    loadCalls: async () => {
      if (isLoadFailing) throw new TypeError('Failed to fetch dynamically imported module');
      return createSession as CreateSession;
    },
    prepareCalls: () => prepared.push('prepared'),
    prepareRinging: (calls) => ringing.push(calls.map(({ callId }) => callId)),
    tellLoadFailed: () => told.push('load-failed'),
    tellRefused: () => told.push('refused'),
  });
  const conversationWith = (call: CallView | null, changes: Partial<AgentConversationView> = {}) =>
    conversationOf(1, { call, ...changes });
  let revision = 1;
  return {
    calls,
    made,
    asked,
    told,
    prepared,
    ringing,
    memory,
    ring(callId: CallId | null = null) {
      const { request } = offerOf(1);
      const offer = offerOf(1, { request: { ...request, modality: 'video' }, callId });
      desk.value = nextDesk(desk.peek(), { kind: 'offer-made', offer });
    },
    stopRinging() {
      desk.value = nextDesk(desk.peek(), { kind: 'offer-closed', offerId: offerOf(1).offerId });
    },
    /** The server's snapshot, then its later views. */
    show(call: CallView | null, changes: Partial<AgentConversationView> = {}) {
      revision += 1;
      const conversation = conversationWith(call, { revision, ...changes });
      const event =
        desk.peek().phase === 'ready'
          ? ({ kind: 'conversation-changed', conversation } as const)
          : ({
              kind: 'session-started',
              session: sessionOf({ conversations: [conversation] }),
              receivedAt: NINE_OCLOCK,
            } as const);
      desk.value = nextDesk(desk.peek(), event);
    },
    stage: () => {
      const state = desk.peek();
      const conversation = state.phase === 'ready' ? state.conversations.get(conversationOf(1).conversationId) : null;
      return conversation ? calls.stageOf(conversation).stage : 'no-conversation';
    },
  };
}

const { conversationId } = conversationOf(1);
const connecting = callOf(conversationId, { phase: 'connecting', modality: 'video', revision: 2 });
const byVisitor = callOf(conversationId, { phase: 'proposed' });
const byAgent = callOf(conversationId, { phase: 'proposed', proposedBy: 'agent' });

test('[M2] a request for a video call that was accepted here is joined at once with camera and microphone', async () => {
  const tab = tabWithCalls();
  tab.show(null);
  tab.calls.expectCall(conversationId);
  tab.show(connecting);
  await vi.waitFor(() => expect(tab.stage()).toBe('here'));
  expect(tab.made[0]?.options.wanted).toEqual({ isMuted: false, isCameraOn: true });
});

test('[CA25] a request whose call is prepared is entered with the click on "Accept", not with its answer', async () => {
  const tab = tabWithCalls();
  tab.show(null);
  const accepted = new Promise(() => {});
  const { request } = offerOf(1, {});
  await tab.calls.enterRequest(
    { callId: connecting.callId, request: { ...request, conversationId, modality: 'video' } },
    accepted,
  );
  expect(tab.made).toHaveLength(1);
  expect(tab.made[0]?.options.joinAfter).toBe(accepted);
  expect(tab.stage()).toBe('here');
  tab.show(null, { lastSeq: 2 });
  expect(tab.made[0]?.isClosed).toBe(false);
  tab.show(connecting);
  expect(tab.stage()).toBe('here');
  expect(tab.made).toHaveLength(1);
});

test('[A4] a refused "Accept" of a request gives microphone and camera back', async () => {
  const tab = tabWithCalls();
  const { request } = offerOf(1, {});
  const accepted = Promise.reject(new Error('Another agent was faster.'));
  await tab.calls.enterRequest(
    { callId: connecting.callId, request: { ...request, conversationId, modality: 'video' } },
    accepted,
  );
  await vi.waitFor(() => expect(tab.calls.sessions.value.size).toBe(0));
  expect(tab.made.every((session) => session.isClosed)).toBe(true);
});

test('[M1] while a request for a call rings, everything for it is made ready', () => {
  const tab = tabWithCalls();
  tab.show(null);
  expect(tab.prepared).toEqual([]);
  tab.ring();
  expect(tab.prepared).toEqual(['prepared']);
});

test('[CA28] the page is connected to the call of a request while that rings, and no longer', () => {
  const tab = tabWithCalls();
  tab.show(null);
  tab.ring(connecting.callId);
  expect(tab.ringing.at(-1)).toEqual([connecting.callId]);
  tab.stopRinging();
  expect(tab.ringing.at(-1)).toEqual([]);
});

test('[CA28] the page is connected to a call that either side proposes while that waits for its yes', () => {
  const tab = tabWithCalls();
  for (const proposed of [byVisitor, byAgent]) {
    tab.show(proposed);
    expect(tab.ringing.at(-1)).toEqual([proposed.callId]);
  }
  tab.show(connecting);
  expect(tab.ringing.at(-1)).toEqual([]);
});

test('[M2] the call is joined as well when it was there before the answer to "Accept"', async () => {
  const tab = tabWithCalls();
  tab.show(connecting);
  expect(tab.stage()).toBe('not-here');
  tab.calls.expectCall(conversationId);
  await vi.waitFor(() => expect(tab.stage()).toBe('here'));
});

test('[A4] a request accepted in another tab does not start the microphone in this one', () => {
  const tab = tabWithCalls();
  tab.show(connecting);
  expect(tab.stage()).toBe('not-here');
  expect(tab.made).toHaveLength(0);
});

test('[M3] a call of the visitor rings and starts nothing before the agent accepts', async () => {
  const tab = tabWithCalls();
  tab.show(byVisitor);
  expect(tab.stage()).toBe('incoming');
  expect(tab.made).toHaveLength(0);
  await tab.calls.accept(byVisitor, false);
  await vi.waitFor(() => expect(tab.stage()).toBe('here'));
  expect(tab.asked).toContain('call:accept-call');
  expect(tab.made[0]?.options.wanted.isCameraOn).toBe(false);
});

test('[M3] an own call is joined once the visitor has accepted it', async () => {
  const tab = tabWithCalls();
  tab.show(byAgent);
  tab.calls.claim(byAgent);
  expect(tab.stage()).toBe('outgoing');
  tab.show({ ...byAgent, phase: 'connecting', revision: 2 });
  await vi.waitFor(() => expect(tab.stage()).toBe('here'));
});

test('[M3] a refused "Accept" gives the microphone back and the card stays while the call still rings', async () => {
  const tab = tabWithCalls({ isAcceptRefused: true });
  tab.show(byVisitor);
  await tab.calls.accept(byVisitor, false);
  await vi.waitFor(() => expect(tab.stage()).toBe('incoming'));
  expect(tab.told).toEqual(['refused']);
  expect(tab.made.every((session) => session.isClosed)).toBe(true);
});

test('[C6] the end of the conversation ends the call of this tab', async () => {
  const tab = tabWithCalls();
  tab.show(connecting);
  tab.calls.continueHere(connecting);
  await vi.waitFor(() => expect(tab.stage()).toBe('here'));
  tab.show(null, { phase: 'ended', endedAt: NINE_OCLOCK });
  expect(tab.made[0]?.isClosed).toBe(true);
});

test('[M5] after hanging up the call is gone at once, whatever the server still says', async () => {
  const tab = tabWithCalls();
  tab.show(connecting);
  tab.calls.continueHere(connecting);
  await vi.waitFor(() => expect(tab.stage()).toBe('here'));
  tab.made[0]?.end({ phase: 'ended', reason: 'hung-up' });
  await vi.waitFor(() => expect(tab.stage()).toBe('none'));
});

test('[C14] a call that another tab took over can be taken back', async () => {
  const tab = tabWithCalls();
  tab.show(connecting);
  tab.calls.continueHere(connecting);
  await vi.waitFor(() => expect(tab.stage()).toBe('here'));
  tab.made[0]?.end({ phase: 'ended', reason: 'taken-over' });
  await vi.waitFor(() => expect(tab.stage()).toBe('not-here'));
  tab.calls.continueHere(connecting);
  await vi.waitFor(() => expect(tab.stage()).toBe('here'));
  expect(tab.made[1]?.options.takeOver).toBe(true);
});

test('[V15] a reloaded tab takes its seat back without a question', async () => {
  const before = tabWithCalls();
  before.show(connecting);
  before.calls.continueHere(connecting);
  await vi.waitFor(() => expect(before.stage()).toBe('here'));
  const after = tabWithCalls({ memory: before.memory });
  after.show(connecting);
  await vi.waitFor(() => expect(after.stage()).toBe('here'));
  expect(after.made[0]?.options.takeOver).toBe(true);
});

test('[M14] code that cannot be loaded is told and can be tried again', async () => {
  const tab = tabWithCalls({ isLoadFailing: true });
  tab.show(connecting);
  tab.calls.continueHere(connecting);
  await vi.waitFor(() => expect(tab.told).toEqual(['load-failed']));
  expect(tab.stage()).toBe('not-here');
});

test('[C6] a closed desk gives every microphone back', async () => {
  const tab = tabWithCalls();
  tab.show(connecting);
  tab.calls.continueHere(connecting);
  await vi.waitFor(() => expect(tab.stage()).toBe('here'));
  tab.calls.close();
  tab.calls.close();
  expect(tab.made[0]?.isClosed).toBe(true);
});
