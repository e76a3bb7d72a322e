import type { ActRefusal, ShareAct, ShareGrantName } from '../../protocol/sharing.ts';
import type { RelayLimits } from './relay-limits.ts';

/** An act that an agent has asked for and the visitor's page has not answered yet. */
export interface PendingAct {
  actId: string;
  act: ShareAct;
  tabId: string;
  epoch: number;
  agentId: string;
  askerSocketId: string;
  /** The page that is to do it, and the only one that may answer. */
  pageSocketId: string;
}

export interface ActAnswer {
  refusal: ActRefusal | null;
  /** The page has not answered at all. */
  isUnanswered: boolean;
}

/** Ids that a repeat may still name; with the limit of acts a second it is some minutes. */
const MAX_REMEMBERED = 5_000;

/** Acts under way. Each is answered to its asker exactly once, by the page or by the clock. */
export interface ActDesk {
  /** Each id counts once, so that an act which is sent again is not done again. */
  add(pending: PendingAct): 'new' | 'known' | 'full';
  report(actId: string, pageSocketId: string, refusal: ActRefusal | null): void;
  /** The page or the share is gone: what waits is refused. */
  refuseAll(refusal: ActRefusal, isConcerned?: (pending: PendingAct) => boolean): void;
  close(): void;
}

export function createActDesk(
  limits: Pick<RelayLimits, 'actMs' | 'openActMs' | 'maxPendingActs'>,
  onAnswered: (pending: PendingAct, answer: ActAnswer) => void,
): ActDesk {
  const waiting = new Map<string, { pending: PendingAct; timer: NodeJS.Timeout }>();
  const seen = new Set<string>();

  function answer(actId: string, given: ActAnswer): void {
    const found = waiting.get(actId);
    if (!found) return;
    clearTimeout(found.timer);
    waiting.delete(actId);
    onAnswered(found.pending, given);
  }

  return {
    add(pending) {
      const { actId, act } = pending;
      if (seen.has(actId)) return 'known';
      if (waiting.size >= limits.maxPendingActs) return 'full';
      seen.add(actId);
      const [oldest] = seen;
      if (seen.size > MAX_REMEMBERED && oldest !== undefined) seen.delete(oldest);
      const waitMs = act.kind === 'open' ? limits.openActMs : limits.actMs;
      const timer = setTimeout(() => answer(actId, { refusal: 'not-possible', isUnanswered: true }), waitMs).unref();
      waiting.set(actId, { pending, timer });
      return 'new';
    },
    report(actId, pageSocketId, refusal) {
      if (waiting.get(actId)?.pending.pageSocketId === pageSocketId) answer(actId, { refusal, isUnanswered: false });
    },
    refuseAll(refusal, isConcerned = () => true) {
      for (const { pending } of waiting.values()) {
        if (isConcerned(pending)) answer(pending.actId, { refusal, isUnanswered: true });
      }
    },
    close() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
      seen.clear();
    },
  };
}

export function grantFor(act: ShareAct): ShareGrantName {
  switch (act.kind) {
    case 'scroll':
      return 'scroll';
    case 'navigate':
    case 'open':
      return 'navigate';
    default:
      return 'click-and-type';
  }
}

/** The node an act is about, for the audit log: numbers and kinds alone, never what was typed or opened. */
export function nodeOf(act: ShareAct): number | null {
  if ('nodeId' in act) return act.nodeId;
  return 'at' in act ? act.at.nodeId : null;
}
