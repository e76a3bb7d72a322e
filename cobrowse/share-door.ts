import type { ShareId } from '../protocol/ids.ts';
import { toPersonKey, type OpenShare, type OpenShares } from './open-shares.ts';
import { shareFaults } from './share-error.ts';
import type { ShareCaller, ShareHost } from './share-host.ts';
import type { ShareRecord } from './share-record.ts';

export interface ShareDoor {
  /** At once, and undefined when it takes the database to say whether this caller may use the share. */
  findKnown(shareId: ShareId, caller: ShareCaller): OpenShare | undefined;
  /** The open share. @throws `not-found`, also for a share of somebody else, or `share-ended` */
  requireOpen(shareId: ShareId, caller: ShareCaller): Promise<OpenShare>;
  /** The share, ended or not. @throws `not-found` */
  requireRecord(shareId: ShareId, caller: ShareCaller): Promise<ShareRecord>;
}

/** Who may use which share: those who may act in its conversation. */
export function createShareDoor(host: ShareHost, shares: OpenShares): ShareDoor {
  function findKnown(shareId: ShareId, caller: ShareCaller): OpenShare | undefined {
    const known = shares.find(shareId);
    return known?.people.has(toPersonKey(caller)) ? known : undefined;
  }

  async function requireRecord(shareId: ShareId, caller: ShareCaller): Promise<ShareRecord> {
    const known = findKnown(shareId, caller);
    if (known) return known.record;
    const record = await host.shares.findShare(shareId);
    if (record === undefined || !(await caller.mayUse(record.conversationId))) throw shareFaults.notFound();
    if (record.phase === 'ended') return record;
    const participants = await host.findParticipants(record.conversationId);
    if (participants === undefined) throw shareFaults.notFound();
    shares.put(record, participants.settings)?.people.add(toPersonKey(caller));
    return record;
  }

  return {
    findKnown,
    requireRecord,
    async requireOpen(shareId, caller) {
      const record = await requireRecord(shareId, caller);
      const open = shares.find(shareId);
      if (record.phase === 'ended' || open === undefined) throw shareFaults.ended();
      return open;
    },
  };
}
