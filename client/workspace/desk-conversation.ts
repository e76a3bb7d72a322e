import type { AgentConversationView, MarkView, MessageView } from '../../protocol/conversations.ts';
import type { Party } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import type { ShareView } from '../../protocol/sharing.ts';

/** Long enough for one line of the list at any width. */
const PREVIEW_LENGTH = 140;

/**
 * The newer of two views of one conversation. Messages, marks and calls are also told apart from the view, so what is
 * already known further ahead than the view is kept; returns `known` itself when there is nothing new.
 */
export function mergeConversation(
  known: AgentConversationView | undefined,
  heard: AgentConversationView,
): AgentConversationView {
  if (!known) return heard;
  if (heard.revision < known.revision) return known;
  const call = heard.phase === 'ended' ? heard.call : newerCall(known.call, heard.call);
  const shares = newerShares(known.shares, heard.shares);
  if (heard.lastSeq < known.lastSeq || heard.marks.agent.readSeq < known.marks.agent.readSeq) {
    const { lastSeq, lastMessage, unreadCount, waitingSinceAt } = known;
    return {
      ...heard,
      call,
      shares,
      lastSeq,
      lastMessage,
      unreadCount,
      waitingSinceAt,
      marks: newerMarks(known, heard),
    };
  }
  return { ...heard, call, shares, marks: newerMarks(known, heard) };
}

/** A message moves the conversation before the server's next view of it does. */
export function applyMessage(known: AgentConversationView, message: MessageView): AgentConversationView {
  if (message.seq <= known.lastSeq) return known;
  const after = { ...known, lastSeq: message.seq };
  // Notices ("Call started") are news in the log, not something the visitor said.
  if (message.body.kind !== 'text') return after;
  const lastMessage = {
    preview: message.body.text.trim().replaceAll(/\s+/gu, ' ').slice(0, PREVIEW_LENGTH),
    sentAt: message.sentAt,
    senderKind: message.sender.kind,
  };
  if (message.sender.kind === 'agent') return { ...after, lastMessage, waitingSinceAt: null };
  if (message.sender.kind === 'system') return { ...after, lastMessage };
  return {
    ...after,
    lastMessage,
    unreadCount: known.unreadCount + (message.seq > known.marks.agent.readSeq ? 1 : 0),
    waitingSinceAt: known.waitingSinceAt ?? message.sentAt,
  };
}

/** Marks only grow; the agent's own read mark (from any tab) takes the unread count down. */
export function applyMark(known: AgentConversationView, party: Party, mark: MarkView): AgentConversationView {
  const grown = newerMark(known.marks[party], mark);
  if (grown === known.marks[party]) return known;
  const unreadCount =
    party === 'agent' ? Math.min(known.unreadCount, Math.max(0, known.lastSeq - grown.readSeq)) : known.unreadCount;
  return { ...known, unreadCount, marks: { ...known.marks, [party]: grown } };
}

export function applyCall(known: AgentConversationView, call: CallView): AgentConversationView {
  const newer = newerCall(known.call, call);
  return newer === known.call ? known : { ...known, call: newer };
}

/** The last share of each kind stays, ended or not, so that older news of it is known to be old. */
export function applyShare(known: AgentConversationView, share: ShareView): AgentConversationView {
  return { ...known, shares: newerShares(known.shares, [share]) };
}

/** What is asked for or shared right now. */
export function listOpenShares({ shares, phase }: AgentConversationView): ShareView[] {
  return phase === 'ended' ? [] : shares.filter((share) => share.phase !== 'ended');
}

/** A view may have been read just before a share began or ended: of each kind the later news counts. */
function newerShares(known: readonly ShareView[], heard: readonly ShareView[]): ShareView[] {
  const isOutdated = (share: ShareView): boolean =>
    known.some((other) => other.kind === share.kind && isLater(other, share));
  const news = heard.filter((share) => !isOutdated(share));
  return [...known.filter(({ kind }) => !news.some((share) => share.kind === kind)), ...news];
}

/** The same revision again says who looks now, so only a greater one is later. */
function isLater(one: ShareView, other: ShareView): boolean {
  return one.shareId === other.shareId ? one.revision > other.revision : one.askedAt > other.askedAt;
}

function newerCall(known: CallView | null, heard: CallView | null): CallView | null {
  if (!known) return heard;
  // A view may have been read just before the call began; an end is always told with the call itself.
  if (!heard) return known.phase === 'ended' ? null : known;
  if (known.callId === heard.callId) return heard.revision > known.revision ? heard : known;
  // Of two calls the one proposed later is the present one.
  return heard.proposedAt >= known.proposedAt ? heard : known;
}

function newerMarks(known: AgentConversationView, heard: AgentConversationView): AgentConversationView['marks'] {
  return {
    visitor: newerMark(known.marks.visitor, heard.marks.visitor),
    agent: newerMark(known.marks.agent, heard.marks.agent),
  };
}

function newerMark(known: MarkView, heard: MarkView): MarkView {
  if (heard.deliveredSeq <= known.deliveredSeq && heard.readSeq <= known.readSeq) return known;
  return {
    deliveredSeq: Math.max(known.deliveredSeq, heard.deliveredSeq),
    readSeq: Math.max(known.readSeq, heard.readSeq),
  };
}
