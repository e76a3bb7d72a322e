import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { CallSessionEnd } from '../../media/browser/call-state.ts';
import type { CallSession, CallWish } from '../../media/browser/call-session.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import { toRequestError } from '../connection/request-error.ts';
import { toCallSignalling } from '../ui/call/connection-signalling.ts';
import { loadCall, preloadCall, prepareRinging, type CallModule } from '../ui/call/load-call.ts';
import { toCallPlace, type CallPlace } from './call-place.ts';
import type { VisitorMemory } from './visitor-memory.ts';
import type { Widget } from './widget.ts';

/** The call of this tab: it follows the server's view, and the media follow it. */
export interface VisitorCall {
  readonly place: ReadonlySignal<CallPlace>;
  /** The running session with the code that shows it, once both are there. */
  readonly running: ReadonlySignal<{ session: CallSession; module: CallModule } | null>;
  /** What the visitor's last wish about a call ran into. */
  readonly fault: ReadonlySignal<ErrorCode | 'not-loaded' | null>;
  propose(modality: 'voice' | 'video'): void;
  accept(call: CallView, wish: { isCameraOn: boolean }): void;
  decline(call: CallView): void;
  /** Takes the seat into this tab. */
  continueHere(call: CallView): void;
  retry(): void;
  dismissFault(): void;
  close(): void;
}

/** How this tab is to enter the next session. */
interface Entry {
  wish?: CallWish;
  joinAfter?: Promise<unknown>;
  takeOver?: boolean;
}

export function createVisitorCall(widget: Widget, memory: VisitorMemory): VisitorCall {
  const { connection, callHere, keepCallHere } = widget;
  const signalling = toCallSignalling(connection);
  const running = signal<{ session: CallSession; module: CallModule } | null>(null);
  const fault = signal<ErrorCode | 'not-loaded' | null>(null);
  const call = computed(() => {
    const { session } = widget.state.value;
    return session.phase === 'known' ? (session.conversation?.call ?? null) : null;
  });
  const place = computed(() => toCallPlace(call.value, callHere.value));
  /** Only a change of it opens or closes a session; other news of the call go to the session that runs. */
  const callIdHere = computed(() =>
    place.value.at === 'here' || place.value.at === 'waiting' ? place.value.call.callId : null,
  );
  /** Of a call only its beginning and its end count here, not each news of it. */
  const ringingId = computed(() => {
    const current = place.value;
    return current.at === 'incoming' || current.at === 'outgoing' ? current.call.callId : null;
  });
  const attempt = signal(0);
  let entry: Entry = {};

  async function open(calledFor: CallView, isWanted: () => boolean): Promise<void> {
    const { wish, ...way } = entry;
    entry = {};
    const module = await loadCall().catch(() => undefined);
    if (!isWanted()) return;
    if (module === undefined) {
      fault.value = 'not-loaded';
      return;
    }
    keepCallHere(calledFor.callId, true);
    const session = module.createCallSession({
      signalling,
      callId: calledFor.callId,
      call: call.peek() ?? calledFor,
      wanted: wish ??
        memory.findCallWish(calledFor.callId) ?? { isMuted: false, isCameraOn: calledFor.modality === 'video' },
      ...way,
    });
    running.value = { session, module };
  }

  const stops = [
    effect(() => {
      void attempt.value;
      const callId = callIdHere.value;
      const calledFor = call.peek();
      if (callId === null || calledFor === null) return;
      let isWanted = true;
      void untracked(() => open(calledFor, () => isWanted));
      return () => {
        isWanted = false;
        running.peek()?.session.close();
        running.value = null;
      };
    }),
    effect(() => {
      const current = call.value;
      if (current !== null) running.value?.session.update(current);
    }),
    effect(() => {
      const session = running.value?.session;
      if (session === undefined) return;
      const sessionState = session.state.value;
      if (sessionState.phase === 'ended') {
        untracked(() => afterEnd(session, sessionState.reason));
        return;
      }
      memory.keepCallWish(session.callId, { isMuted: session.isMuted.value, isCameraOn: session.isCameraOn.value });
    }),
    effect(() => {
      if (place.value.at !== 'none') preloadCall(signalling);
    }),
    effect(() => {
      const callId = ringingId.value;
      const ringing = call.peek();
      prepareRinging(signalling, callId === null || ringing === null ? [] : [{ callId, modality: ringing.modality }]);
    }),
    effect(() => {
      // Voice or video was chosen: while the form is filled in everything for it gets ready.
      const { step } = widget.state.value;
      if (step.at === 'form' && step.modality !== 'text') preloadCall(signalling);
    }),
  ];

  function afterEnd(session: CallSession, reason: CallSessionEnd): void {
    const ended = call.peek();
    // Hung up: the screen does not wait for the server to say so too.
    if (reason !== 'taken-over' && reason !== 'left' && ended?.callId === session.callId && ended.phase !== 'ended') {
      widget.dispatch({
        kind: 'call-changed',
        call: { ...ended, phase: 'ended', endReason: reason, endedAt: widget.now() },
      });
    }
    keepCallHere(session.callId, false);
  }

  async function proposeCall(conversationId: ConversationId, modality: 'voice' | 'video'): Promise<void> {
    const { call: proposed } = await connection.request('call:propose-call', { conversationId, modality });
    // Whatever comes of it, it comes in this tab.
    keepCallHere(conversationId, true);
    widget.dispatch({ kind: 'call-changed', call: proposed });
  }

  function report(thrown: unknown): void {
    const { code } = toRequestError(thrown);
    // The call ended while the click was on its way: the screen says so already.
    if (code !== 'call-ended') fault.value = code;
  }

  return {
    place,
    running,
    fault,
    propose(modality) {
      const { session } = widget.state.peek();
      if (session.phase !== 'known' || session.conversation === null) return;
      fault.value = null;
      preloadCall(signalling);
      const { conversationId } = session.conversation;
      void proposeCall(conversationId, modality).catch(report);
    },
    accept({ callId }, { isCameraOn }) {
      fault.value = null;
      const accepted = connection.request('call:accept-call', { callId });
      entry = { wish: { isMuted: false, isCameraOn }, joinAfter: accepted };
      keepCallHere(callId, true);
      accepted
        .then(({ call: changed }) => widget.dispatch({ kind: 'call-changed', call: changed }))
        .catch((thrown: unknown) => {
          keepCallHere(callId, false);
          report(thrown);
        });
    },
    decline({ callId }) {
      fault.value = null;
      connection.request('call:decline-call', { callId }).catch(report);
    },
    continueHere({ callId }) {
      fault.value = null;
      entry = { takeOver: true };
      keepCallHere(callId, true);
    },
    retry() {
      fault.value = null;
      attempt.value += 1;
    },
    dismissFault: () => void (fault.value = null),
    close() {
      for (const stop of stops) stop();
    },
  };
}
