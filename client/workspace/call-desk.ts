import { effect, signal, untracked } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { CallId, ConversationId } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import type { OfferView } from '../../protocol/routing.ts';
import type { CallSession, CallSessionOptions } from '../../media/browser/call-session.ts';
import type { RingingCall } from '../../media/browser/prepared-calls.ts';
import type { CallSignalling } from '../../media/browser/call-signalling.ts';
import type { KeyValueStorage } from '../connection/safe-storage.ts';
import type { DeskState } from './desk-state.ts';

/** What stands above the log of a conversation. */
export type CallStage =
  | { stage: 'none' }
  | { stage: 'incoming'; call: CallView }
  | { stage: 'outgoing'; call: CallView }
  /** This tab takes its seat: the code for calls is being loaded. */
  | { stage: 'opening' }
  | { stage: 'here'; session: CallSession }
  /** The call runs and this tab is not in it: another tab is, or it could not be loaded here. */
  | { stage: 'not-here'; call: CallView };

export type CreateSession = (options: CallSessionOptions) => CallSession;

export interface CallDesk {
  /** The sessions of this tab by call; reading it makes `stageOf` follow. */
  readonly sessions: ReadonlySignal<ReadonlyMap<CallId, CallSession>>;
  stageOf(conversation: AgentConversationView): CallStage;
  /** A call may be near: what every call needs is made ready. */
  prepare(): void;
  /**
   * The agent's own click on "Accept" of a request whose call is prepared: the seat is asked for right behind the
   * answer, and devices start meanwhile. A refused answer gives them back. Fulfilled as soon as the visitor is on the
   * way to the screen: until then the browser had better do nothing else.
   */
  enterRequest(offer: Pick<OfferView, 'callId' | 'request'>, accepted: Promise<unknown>): Promise<void>;
  /** This tab has just taken the request: a call that opens with it belongs here. */
  expectCall(conversationId: ConversationId): void;
  /** This tab has proposed the call and joins once it is accepted. */
  claim(call: CallView): void;
  /** The agent's own click on "Accept": devices start while the answer is on its way. */
  accept(call: CallView, isCameraOn: boolean): Promise<void>;
  /** Takes the seat over from wherever it is. */
  continueHere(call: CallView): void;
  close(): void;
}

export interface CallDeskOptions {
  desk: ReadonlySignal<DeskState>;
  signalling: CallSignalling;
  /** Brings the code for calls, which is not part of the first open. */
  loadCalls: () => Promise<CreateSession>;
  /** Brings the same code ahead of time, and warms the browser up for it. */
  prepareCalls: () => void;
  /** Connects the page to the calls that ring here, and lets go of those that no longer do. */
  prepareRinging: (ringing: readonly RingingCall[]) => void;
  /** Survives a reload and is this tab's own. */
  memory: KeyValueStorage;
  tellLoadFailed: () => void;
  tellRefused: (thrown: unknown) => void;
}

/** A click must be seen to do something, whatever becomes of the call. */
const LONGEST_HOLD_BACK_MS = 400;
const OWN_CALLS_KEY = 'foyer.workspace.calls';

/**
 * Knows which of the agent's calls this tab is in, starts and ends their sessions. A session lives as long as its call,
 * not as long as somebody looks at it.
 */
export function createCallDesk(options: CallDeskOptions): CallDesk {
  const { memory } = options;
  const sessions = signal<ReadonlyMap<CallId, CallSession>>(new Map());
  /** Calls of this tab. Those found at the start were here before a reload: their seat is taken back. */
  const ownCalls = new Set(readOwnCalls(memory));
  const callsBeforeReload = new Set(ownCalls);
  const expected = new Set<ConversationId>();
  /** Calls of requests that are just being accepted here, until the desk shows their conversation. */
  const arriving = new Map<ConversationId, CallId>();
  const wantsCamera = new Map<CallId, boolean>();
  /** Hung up here; the server's word on it may take a moment. */
  const left = signal<ReadonlySet<CallId>>(new Set());
  const opening = signal<ReadonlySet<CallId>>(new Set());
  let isClosed = false;

  const own = (callId: CallId): void => {
    ownCalls.add(callId);
    memory.set(OWN_CALLS_KEY, JSON.stringify([...ownCalls]));
  };
  const disown = (callId: CallId): void => {
    ownCalls.delete(callId);
    callsBeforeReload.delete(callId);
    memory.set(OWN_CALLS_KEY, JSON.stringify([...ownCalls]));
  };

  const dropSession = (callId: CallId): void => {
    const next = new Map(sessions.peek());
    next.delete(callId);
    sessions.value = next;
  };

  const followSession = (session: CallSession): void => {
    const stop = effect(() => {
      const state = session.state.value;
      if (state.phase !== 'ended') return;
      queueMicrotask(() => {
        stop();
        const isStillRunning = state.reason === 'taken-over' || state.reason === 'left';
        if (!isStillRunning) left.value = new Set(left.peek()).add(session.callId);
        disown(session.callId);
        dropSession(session.callId);
      });
    });
  };

  const openSession = async (
    call: Pick<CallView, 'callId' | 'modality'>,
    extra: Partial<CallSessionOptions> = {},
  ): Promise<void> => {
    const { callId } = call;
    if (sessions.peek().has(callId) || opening.peek().has(callId)) return;
    opening.value = new Set(opening.peek()).add(callId);
    try {
      const createSession = await options.loadCalls();
      // Meanwhile the call may have ended or gone to another tab.
      if (isClosed || !ownCalls.has(callId)) return;
      const session = createSession({
        signalling: options.signalling,
        callId,
        call: findCall(options.desk.peek(), callId),
        wanted: { isMuted: false, isCameraOn: wantsCamera.get(callId) ?? call.modality === 'video' },
        takeOver: callsBeforeReload.has(callId),
        ...extra,
      });
      sessions.value = new Map(sessions.peek()).set(callId, session);
      followSession(session);
    } catch {
      disown(callId);
      options.tellLoadFailed();
    } finally {
      const rest = new Set(opening.peek());
      rest.delete(callId);
      opening.value = rest;
    }
  };

  const reconcile = (conversations: Iterable<AgentConversationView>): void => {
    const running = new Set<CallId>();
    for (const { conversationId, call, phase } of conversations) {
      if (call && expected.has(conversationId) && isRunning(call)) own(call.callId);
      if (call) expected.delete(conversationId);
      const arrivingId = arriving.get(conversationId);
      if (arrivingId !== undefined && (call?.callId === arrivingId || phase === 'ended')) {
        arriving.delete(conversationId);
      }
      if (!call || call.phase === 'ended' || phase === 'ended') continue;
      running.add(call.callId);
      const session = sessions.peek().get(call.callId);
      if (session) session.update(call);
      else if (isRunning(call) && ownCalls.has(call.callId)) void openSession(call);
    }
    for (const callId of arriving.values()) running.add(callId);
    // A conversation that ended or left the desk takes its call along: the microphone light must go out.
    for (const [callId, session] of sessions.peek()) if (!running.has(callId)) session.close();
    for (const callId of ownCalls) if (!running.has(callId)) disown(callId);
  };

  const stopFollowing = effect(() => {
    const desk = options.desk.value;
    if (desk.phase !== 'ready') return;
    const isCallNear =
      desk.offers.some(({ request }) => request.modality !== 'text') ||
      [...desk.conversations.values()].some(({ call }) => call !== null && call.phase !== 'ended');
    untracked(() => {
      // Loaded while it still rings, so that "Accept" does not have to wait for code.
      if (isCallNear) options.prepareCalls();
      reconcile(desk.conversations.values());
      options.prepareRinging(listRinging(desk));
    });
  });

  return {
    sessions,
    stageOf({ conversationId, call, phase }) {
      const callId = call?.callId ?? arriving.get(conversationId);
      if (!callId || call?.phase === 'ended' || phase === 'ended' || left.value.has(callId)) return { stage: 'none' };
      const session = sessions.value.get(callId);
      if (session) return { stage: 'here', session };
      if (opening.value.has(callId)) return { stage: 'opening' };
      if (!call) return { stage: 'none' };
      if (call.phase === 'proposed') return { stage: call.proposedBy === 'agent' ? 'outgoing' : 'incoming', call };
      return { stage: 'not-here', call };
    },
    prepare: () => options.prepareCalls(),
    async enterRequest({ callId, request: { conversationId, modality } }, accepted) {
      if (callId === null || modality === 'text') return;
      own(callId);
      arriving.set(conversationId, callId);
      const opened = openSession({ callId, modality }, { joinAfter: accepted });
      accepted.catch(() => {
        arriving.delete(conversationId);
        disown(callId);
        sessions.peek().get(callId)?.close();
      });
      await opened;
      const session = sessions.peek().get(callId);
      if (session) await untilTracksAreIn(session);
    },
    expectCall(conversationId) {
      const desk = options.desk.peek();
      const call = desk.phase === 'ready' ? desk.conversations.get(conversationId)?.call : null;
      if (call && isRunning(call)) {
        own(call.callId);
        void openSession(call);
      } else expected.add(conversationId);
    },
    claim(call) {
      own(call.callId);
      // The other side may have been quicker than the answer to the proposal.
      const known = findCall(options.desk.peek(), call.callId);
      if (known && isRunning(known)) void openSession(known);
    },
    async accept(call, isCameraOn) {
      const { callId } = call;
      own(callId);
      wantsCamera.set(callId, isCameraOn);
      const accepted = options.signalling.request('call:accept-call', { callId });
      void openSession(call, { joinAfter: accepted });
      try {
        await accepted;
      } catch (thrown) {
        disown(callId);
        sessions.peek().get(callId)?.close();
        options.tellRefused(thrown);
      }
    },
    continueHere(call) {
      own(call.callId);
      void openSession(call, { takeOver: true });
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      stopFollowing();
      for (const session of sessions.peek().values()) session.close();
    },
  };
}

/** The tracks of the other side are taken in, or there is no reason to wait for them any longer. */
function untilTracksAreIn({ state, remoteSeats }: CallSession): Promise<void> {
  return new Promise((resolve) => {
    const isOver = signal(false);
    const timer = setTimeout(() => (isOver.value = true), LONGEST_HOLD_BACK_MS);
    const stop = effect(() => {
      const isUnderWay = state.value.phase === 'acquiring' || state.value.phase === 'joining';
      const hasTracks = remoteSeats.value.some(({ audio, video }) => audio !== null || video !== null);
      if (isUnderWay && !hasTracks && !isOver.value) return;
      clearTimeout(timer);
      queueMicrotask(() => {
        stop();
        resolve();
      });
    });
  });
}

function listRinging(desk: Extract<DeskState, { phase: 'ready' }>): RingingCall[] {
  const offered = desk.offers.flatMap(({ callId, request: { modality } }) =>
    callId === null || modality === 'text' ? [] : { callId, modality },
  );
  const proposed = [...desk.conversations.values()].flatMap(({ call }) =>
    call?.phase === 'proposed' ? { callId: call.callId, modality: call.modality } : [],
  );
  return [...offered, ...proposed];
}

function isRunning(call: CallView): boolean {
  return call.phase === 'connecting' || call.phase === 'live' || call.phase === 'held';
}

function findCall(desk: DeskState, callId: CallId): CallView | undefined {
  if (desk.phase !== 'ready') return undefined;
  for (const { call } of desk.conversations.values()) if (call?.callId === callId) return call;
  return undefined;
}

function readOwnCalls(memory: KeyValueStorage): CallId[] {
  try {
    const kept: unknown = JSON.parse(memory.get(OWN_CALLS_KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((callId): callId is CallId => typeof callId === 'string') : [];
  } catch {
    return [];
  }
}
