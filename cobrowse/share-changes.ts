import type { Party, ShareId } from '../protocol/ids.ts';
import { ShareError, shareFaults } from './share-error.ts';
import type { ShareStore } from './share-host.ts';
import { nextShareState, type ShareEvent } from './share-lifecycle.ts';
import { auditOfChange, noticeOfChange } from './share-lines.ts';
import { toShareState, toStateColumns, type ShareRecord } from './share-record.ts';

/** Who is behind a change, for the audit log. */
export interface ShareActor {
  party: Party | 'system';
  personId: string | null;
}

export const system: ShareActor = { party: 'system', personId: null };

export interface ShareChanges {
  /** Sends an event through the life cycle. A repeated one gives the record as it stands. */
  apply(shareId: ShareId, event: ShareEvent, actor: ShareActor, now: number): Promise<ShareRecord>;
  /** What the visitor has agreed to comes with the yes and is no part of the life cycle. */
  allow(
    shareId: ShareId,
    event: ShareEvent & { type: 'allow' },
    mayRecord: boolean,
    actor: ShareActor,
    now: number,
  ): Promise<ShareRecord>;
  /** The next epoch; a page that takes one is there. @throws `stale-stream` while nothing may be sent */
  takeEpoch(shareId: ShareId, now: number): Promise<ShareRecord>;
}

export interface ShareChangeParts {
  store: ShareStore;
  /** Before a change is stored: what must not wait for the database happens now. */
  beforeSave(before: ShareRecord, after: ShareRecord): void;
  onChanged(before: ShareRecord, after: ShareRecord): void;
}

/** Each lost write means that another node changed the share in between; that happens once, not forever. */
const MAX_ATTEMPTS = 8;

/**
 * The one way a stored share changes: read, decide, write on condition that nobody wrote meanwhile. Within this process
 * a share's changes take turns, and `onChanged` hears of them in their order.
 */
export function createShareChanges({ store, beforeSave, onChanged }: ShareChangeParts): ShareChanges {
  const turns = new Map<ShareId, Promise<unknown>>();

  function inTurn<Result>(shareId: ShareId, work: () => Promise<Result>): Promise<Result> {
    const turn = (turns.get(shareId) ?? Promise.resolve()).then(work, work);
    turns.set(shareId, turn);
    const tidy = () => {
      if (turns.get(shareId) === turn) turns.delete(shareId);
    };
    turn.then(tidy, tidy);
    return turn;
  }

  async function change(
    shareId: ShareId,
    actor: ShareActor,
    decide: (record: ShareRecord) => ShareRecord,
  ): Promise<ShareRecord> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const before = await store.findShare(shareId);
      if (before === undefined) throw shareFaults.notFound();
      const decided = decide(before);
      if (decided === before) return before;
      const after = { ...decided, revision: before.revision + 1 };
      beforeSave(before, after);
      const audited = auditOfChange(before, after, actor);
      if (await store.saveShare(after, before.revision, audited, noticeOfChange(before, after))) {
        onChanged(before, after);
        return after;
      }
    }
    throw new ShareError('internal', 'The sharing could not be changed. Please try again.');
  }

  return {
    apply: (shareId, event, actor, now) =>
      inTurn(shareId, () => change(shareId, actor, (record) => moveRecord(record, event, now))),
    allow: (shareId, event, isRecorded, actor, now) =>
      inTurn(shareId, () =>
        change(shareId, actor, (record) => {
          const moved = moveRecord(record, event, now);
          return moved === record ? record : { ...moved, isRecorded, allowedAt: now };
        }),
      ),
    takeEpoch: (shareId, now) =>
      inTurn(shareId, () =>
        change(shareId, system, (record) => {
          if (record.phase === 'ended') throw shareFaults.ended();
          if (record.kind !== 'co-browse' || record.phase === 'asked' || record.phase === 'paused') {
            throw shareFaults.staleStream();
          }
          return { ...moveRecord(record, { type: 'regain-sharer' }, now), lastEpoch: record.lastEpoch + 1 };
        }),
      ),
  };
}

/** The row after an event; the same object when nothing happens. */
export function moveRecord(record: ShareRecord, event: ShareEvent, now: number): ShareRecord {
  const state = toShareState(record);
  const moved = nextShareState(state, event, now);
  return moved === state ? record : { ...record, ...toStateColumns(moved) };
}
