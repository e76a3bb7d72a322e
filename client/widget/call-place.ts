import type { CallView } from '../../protocol/media.ts';
import type { CallKey } from './visitor-memory.ts';

/** What this tab shows of the conversation's call. */
export type CallPlace =
  | { at: 'none' }
  /** The visitor waits for an agent and gets ready in this tab; nothing is heard or seen of them yet. */
  | { at: 'waiting'; call: CallView }
  /** The agent proposes; nothing of the visitor's starts before the click. */
  | { at: 'incoming'; call: CallView }
  | { at: 'outgoing'; call: CallView }
  /** The visitor talks, or is about to, in this tab. */
  | { at: 'here'; call: CallView }
  /** Another tab of the visitor holds the seat. */
  | { at: 'elsewhere'; call: CallView }
  /** The seat is free: the tab that held it is gone for good. */
  | { at: 'unheld'; call: CallView };

/** `callHere` is the call whose seat this tab has, or the conversation that it asked a call for. */
export function toCallPlace(call: CallView | null, callHere: CallKey | null): CallPlace {
  if (call === null || call.phase === 'ended') return { at: 'none' };
  if (call.phase === 'prepared') {
    const isAskedHere = callHere === call.callId || callHere === call.conversationId;
    return isAskedHere ? { at: 'waiting', call } : { at: 'none' };
  }
  if (call.phase === 'proposed') {
    // A click on "Accept" is on its way: the microphone is already being opened.
    if (call.proposedBy === 'agent' && callHere === call.callId) return { at: 'here', call };
    return { at: call.proposedBy === 'agent' ? 'incoming' : 'outgoing', call };
  }
  const isAskedForHere = callHere === call.conversationId && call.proposedBy === 'visitor';
  if (callHere === call.callId || isAskedForHere) return { at: 'here', call };
  const seat = call.seats.find(({ party, state }) => party === 'visitor' && state !== 'left');
  return { at: seat?.state === 'in' || seat?.state === 'joining' ? 'elsewhere' : 'unheld', call };
}
