import type { ShareScope } from '../protocol/sharing.ts';
import type { ShareActor } from './share-changes.ts';
import type { ShareAuditEntry, ShareLine } from './share-host.ts';
import type { ShareRecord } from './share-record.ts';

/** The line that a change leaves in the conversation's log, if any; `before` is null for a new share. */
export function noticeOfChange(before: ShareRecord | null, after: ShareRecord): ShareLine | undefined {
  // The conversation has stored it by then, before the line of its own end.
  return after.endReason === 'conversation-ended' ? undefined : toLine(before, after);
}

/** The line of a share that ends with its conversation, if any. */
export function noticeOfLastEnd(record: ShareRecord, now: number): ShareLine | undefined {
  return toLine(record, { ...record, phase: 'ended', endedAt: now, endReason: 'conversation-ended' });
}

function toLine(before: ShareRecord | null, after: ShareRecord): ShareLine | undefined {
  const { kind, sharer, askedBy, liveAt, endedAt, endReason } = after;
  if (before === null && after.phase === 'asked') return { notice: 'share-asked', data: { kind, sharer, askedBy } };
  if ((before?.liveAt ?? null) === null && liveAt !== null) return { notice: 'share-started', data: { kind, sharer } };
  if (before === null || before.phase === 'ended' || endReason === null) return undefined;
  if (before.phase === 'asked') {
    // The end of the conversation is a line of its own and says enough.
    if (endReason === 'conversation-ended') return undefined;
    return { notice: 'share-declined', data: { kind, sharer, reason: endReason } };
  }
  const durationMs = liveAt === null ? 0 : Math.max(0, (endedAt ?? liveAt) - liveAt);
  return { notice: 'share-ended', data: { kind, sharer, reason: endReason, durationMs } };
}

/** What a change puts into the audit log (B12). Counts and names of our own alone, nothing of the page. */
export function auditOfChange(before: ShareRecord | null, after: ShareRecord, actor: ShareActor): ShareAuditEntry[] {
  const { conversationId, shareId, kind, sharer } = after;
  const entries: ShareAuditEntry[] = [];
  const add = (what: ShareAuditEntry['what'], data: ShareAuditEntry['data'] = {}, by: ShareActor = actor): void => {
    entries.push({ conversationId, shareId, actor: by.party, actorId: by.personId, what, data });
  };

  if (before === null && after.phase === 'asked') add('share-asked', { kind, sharer });
  const wasAsked = before === null || before.phase === 'asked';
  if (wasAsked && after.phase !== 'asked' && after.phase !== 'ended') {
    add('share-allowed', { kind, sharer, ...scopeData(after.scope), isRecorded: after.isRecorded });
  }
  if (before?.phase === 'asked' && after.endReason === 'declined') add('share-declined', { kind });
  else if (before && before.phase !== 'ended' && after.endReason !== null) {
    add('share-ended', { kind, reason: after.endReason });
  }
  if (after.phase === 'ended') return entries;

  if (before && !wasAsked) {
    if (after.phase === 'paused' && after.pausedBecause !== before.pausedBecause) {
      add('share-paused', { reason: after.pausedBecause, scopeNumber: after.scopeNumber });
    } else if (before.phase === 'paused' && after.phase !== 'paused') {
      add('share-resumed', { scopeNumber: after.scopeNumber });
    } else if (after.scopeNumber !== before.scopeNumber) {
      add('share-scope-changed', { ...scopeData(after.scope), scopeNumber: after.scopeNumber });
    }
  }

  const held = before?.grants ?? [];
  for (const grant of after.grants.filter((each) => !held.includes(each))) {
    const { grant: name, expiresAt } = grant;
    if (held.some((each) => each.grant === name && each.expiresAt === expiresAt)) continue;
    add('grant-given', { grant: name, expiresAt });
  }
  for (const { grant } of held.filter((each) => !after.grants.some((kept) => kept.grant === each.grant))) {
    add(actor.party === 'system' ? 'grant-expired' : 'grant-taken-back', { grant });
  }
  if (after.askedGrant !== null && after.askedGrant !== before?.askedGrant) {
    add('grant-asked', { grant: after.askedGrant });
  }
  const unanswered = before?.askedGrant ?? null;
  if (unanswered !== null && after.askedGrant === null && !after.grants.some(({ grant }) => grant === unanswered)) {
    add('grant-declined', { grant: unanswered });
  }
  return entries;
}

function scopeData(scope: ShareScope | null): ShareAuditEntry['data'] {
  if (scope === null) return {};
  if (scope.kind === 'screen') return { scope: 'screen', surface: scope.surface };
  return { scope: scope.kind, hiddenParts: scope.hiddenParts };
}
