import type { ConversationId, Party, ShareId } from '../protocol/ids.ts';
import type {
  ShareEndReason,
  ShareGrant,
  ShareGrantName,
  ShareKind,
  SharePauseReason,
  SharePhase,
  ShareScope,
} from '../protocol/sharing.ts';

/** A share as it is stored: the row is the state. Times in ms since 1970 UTC. */
export interface ShareRecord {
  shareId: ShareId;
  conversationId: ConversationId;
  revision: number;
  kind: ShareKind;
  sharer: Party;
  askedBy: Party;
  phase: SharePhase;
  scopeNumber: number;
  scope: ShareScope | null;
  pausedBecause: SharePauseReason | null;
  grants: ShareGrant[];
  askedGrant: ShareGrantName | null;
  /** The node whose memory holds the stream. */
  homeNodeId: string;
  /** Highest epoch given to a page; grows for as long as the share lives. */
  lastEpoch: number;
  isRecorded: boolean;
  askedAt: number;
  allowedAt: number | null;
  liveAt: number | null;
  endedAt: number | null;
  endReason: ShareEndReason | null;
  /** When time itself moves it on: an ask that nobody answers, a grant that runs out, a sharer who is gone. */
  dueAt: number | null;
  /** While set, no page of the sharer is there; the share ends at this time unless one comes back. */
  sharerGraceUntil: number | null;
}
