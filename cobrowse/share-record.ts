import type { ConversationId, Party, ShareId } from '../protocol/ids.ts';
import type {
  ShareEndReason,
  ShareGrant,
  ShareGrantName,
  ShareKind,
  SharePauseReason,
  SharePhase,
  ShareScope,
  ShareView,
} from '../protocol/sharing.ts';
import { dueTimeOf, type ShareState } from './share-lifecycle.ts';

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
  /** Until when the visitor may answer it. */
  askedGrantUntil: number | null;
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
  /** When time itself moves it on: an ask that nobody answers, a grant that runs out, a side that is gone. */
  dueAt: number | null;
  /** While set, no page of the sharer is there; the share ends at this time unless one comes back. */
  sharerGraceUntil: number | null;
  /** While set, no page of the agent who looks is there; the share ends at this time unless one comes back. */
  viewerGraceUntil: number | null;
}

/** The state in a row. A row that no state fits was damaged from outside and is refused. */
export function toShareState(record: ShareRecord): ShareState {
  const { kind, sharer, askedBy, scopeNumber } = record;
  const common = { kind, sharer, askedBy, scopeNumber };
  switch (record.phase) {
    case 'asked':
      return { ...common, phase: 'asked', answerUntil: present(record, 'dueAt') };
    case 'allowed':
      return { ...common, ...toShared(record), phase: 'allowed' };
    case 'live':
      return { ...common, ...toShared(record), phase: 'live', liveAt: present(record, 'liveAt') };
    case 'paused':
      return { ...common, ...toShared(record), phase: 'paused', pausedBecause: present(record, 'pausedBecause') };
    case 'ended':
      return {
        ...common,
        phase: 'ended',
        scope: record.scope,
        liveAt: record.liveAt,
        endedAt: present(record, 'endedAt'),
        endReason: present(record, 'endReason'),
      };
  }
}

/** The columns that follow from a state. */
export function toStateColumns(state: ShareState) {
  const shared = state.phase === 'asked' || state.phase === 'ended' ? null : state;
  return {
    phase: state.phase,
    scopeNumber: state.scopeNumber,
    scope: state.phase === 'asked' ? null : state.scope,
    pausedBecause: state.phase === 'paused' ? state.pausedBecause : null,
    grants: shared ? [...shared.grants] : [],
    askedGrant: shared?.askedGrant?.grant ?? null,
    askedGrantUntil: shared?.askedGrant?.until ?? null,
    sharerGraceUntil: shared?.graceUntil ?? null,
    viewerGraceUntil: shared?.viewerGraceUntil ?? null,
    liveAt: state.phase === 'asked' ? null : state.liveAt,
    endedAt: state.phase === 'ended' ? state.endedAt : null,
    endReason: state.phase === 'ended' ? state.endReason : null,
    dueAt: dueTimeOf(state),
  } satisfies Partial<ShareRecord>;
}

/** What both sides see of a share. Where its stream lives stays on the server. */
export function toShareView(record: ShareRecord, watchers: readonly string[]): ShareView {
  const { homeNodeId: _home, lastEpoch: _epoch, askedGrantUntil: _until, dueAt: _due, ...rest } = record;
  const { sharerGraceUntil: _ofSharer, viewerGraceUntil: _ofViewer, ...view } = rest;
  return { ...view, watchers: [...watchers] };
}

function toShared(record: ShareRecord) {
  const { grants, askedGrant, askedGrantUntil, liveAt } = record;
  return {
    scope: present(record, 'scope'),
    grants,
    askedGrant: askedGrant === null ? null : { grant: askedGrant, until: askedGrantUntil ?? 0 },
    graceUntil: record.sharerGraceUntil,
    viewerGraceUntil: record.viewerGraceUntil,
    liveAt,
  };
}

function present<Field extends 'scope' | 'pausedBecause' | 'dueAt' | 'liveAt' | 'endedAt' | 'endReason'>(
  record: ShareRecord,
  field: Field,
): NonNullable<ShareRecord[Field]> {
  const value = record[field];
  if (value === null) throw new Error(`The stored share ${record.shareId} is ${record.phase} but has no ${field}.`);
  return value;
}
