import { v7 as uuid } from 'uuid';
import type { ConversationId, ShareId } from '../protocol/ids.ts';
import type { ShareGrant, ShareGrantName, ShareKind, ShareScope, ShareView } from '../protocol/sharing.ts';
import { moveRecord, type ShareActor, type ShareChanges } from './share-changes.ts';
import type { ShareDoor } from './share-door.ts';
import { ShareError, shareFaults } from './share-error.ts';
import type { ShareCaller, ShareHost, ShareParticipants, ShareSettings, StateHandlers } from './share-host.ts';
import { isSameScope, type ShareEvent } from './share-lifecycle.ts';
import type { ShareLimits } from './share-limits.ts';
import type { ShareRecord } from './share-record.ts';

export interface ShareHandlerContext {
  host: ShareHost;
  limits: ShareLimits;
  changes: ShareChanges;
  door: ShareDoor;
  toView(record: ShareRecord): ShareView;
  /** Stores a new share and tells both sides; false when one of this kind is open. */
  insert(record: ShareRecord, settings: ShareSettings, actor: ShareActor): Promise<boolean>;
  /** Shuts the stream for what an event ends, before anything is awaited. */
  shutFor(record: ShareRecord, event: ShareEvent): void;
  /** This page holds the screen from now on. */
  holdScreen(shareId: ShareId, socketId: string): void;
}

/** These change the visitor's page, so they run out. */
const ACTING: ReadonlySet<ShareGrantName> = new Set(['scroll', 'click-and-type', 'navigate']);

/** Requests about the state: ask, allow, narrow, pause, permit, end. Those about the stream are the relay's. */
export function createShareHandlers(context: ShareHandlerContext): StateHandlers {
  const { host, limits, changes, door, toView } = context;

  /** One step of an open share. What it shuts is shut before anything is awaited, whenever the share is at hand. */
  async function step(
    shareId: ShareId,
    caller: ShareCaller,
    toEvent: (settings: ShareSettings) => ShareEvent,
  ): Promise<ShareRecord> {
    const known = door.findKnown(shareId, caller);
    const { record, settings } = known ?? (await door.requireOpen(shareId, caller));
    const event = toEvent(settings);
    context.shutFor(record, event);
    return changes.apply(shareId, event, actorOf(caller), host.now());
  }

  /** Harmless when the share has ended already. */
  async function endStep(shareId: ShareId, caller: ShareCaller, event: ShareEvent): Promise<void> {
    const known = door.findKnown(shareId, caller);
    const record = known?.record ?? (await door.requireRecord(shareId, caller));
    context.shutFor(record, event);
    await changes.apply(shareId, event, actorOf(caller), host.now());
  }

  async function findOpenOf(conversationId: ConversationId, kind: ShareKind): Promise<ShareRecord | undefined> {
    return (await host.shares.listOpenSharesOf(conversationId)).find((share) => share.kind === kind);
  }

  const toAllow = (caller: ShareCaller, scope: ShareScope, settings: ShareSettings) => ({
    type: 'allow' as const,
    by: caller.party,
    scope,
    grants: settings.defaultGrants.filter((grant) => settings.offeredGrants.includes(grant)).map(toGrant(settings)),
    graceUntil: scope.kind === 'screen' ? null : host.now() + limits.sharerGraceMs,
  });

  const toGrant =
    (settings: ShareSettings) =>
    (grant: ShareGrantName): ShareGrant => ({
      grant,
      expiresAt: ACTING.has(grant) ? host.now() + settings.grantMs : null,
    });

  /** The sharer's yes: to the question that stands, or an offer of their own. */
  async function allow(
    conversationId: ConversationId,
    asked: ShareRecord | undefined,
    scope: ShareScope,
    mayBeRecorded: boolean,
    caller: ShareCaller,
    settings: ShareSettings,
  ): Promise<ShareRecord> {
    const isRecorded = mayBeRecorded && settings.mayRecord && scope.kind !== 'screen';
    const event = toAllow(caller, scope, settings);
    if (asked?.phase === 'asked' && asked.sharer === caller.party) {
      return changes.allow(asked.shareId, event, isRecorded, actorOf(caller), host.now());
    }
    if (asked) {
      const isRepeated = asked.sharer === caller.party && JSON.stringify(asked.scope) === JSON.stringify(scope);
      if (isRepeated) return asked;
      throw shareFaults.running(asked.shareId);
    }
    const kind = scope.kind === 'screen' ? 'screen' : 'co-browse';
    const question = newShareRecord(
      host,
      { conversationId, kind, sharer: caller.party, askedBy: caller.party },
      limits,
    );
    const offered = { ...moveRecord(question, event, host.now()), isRecorded, allowedAt: host.now() };
    if (await context.insert(offered, settings, actorOf(caller))) return offered;
    const open = await findOpenOf(conversationId, kind);
    if (open) return allow(conversationId, open, scope, mayBeRecorded, caller, settings);
    throw shareFaults.ended();
  }

  return {
    async 'share:request-share'({ conversationId, kind }, caller) {
      const { settings } = await requireParticipants(host, conversationId, caller);
      requireOffered(settings, kind);
      const question = newShareRecord(host, { conversationId, kind, sharer: 'visitor', askedBy: caller.party }, limits);
      if (await context.insert(question, settings, actorOf(caller))) return { share: toView(question) };
      const open = await findOpenOf(conversationId, kind);
      if (open?.phase === 'asked' && open.askedBy === caller.party) return { share: toView(open) };
      throw open ? shareFaults.running(open.shareId) : shareFaults.ended();
    },

    async 'share:allow-share'({ conversationId, shareId, scope, mayBeRecorded }, caller) {
      const { settings } = await requireParticipants(host, conversationId, caller);
      requireOffered(settings, scope.kind === 'screen' ? 'screen' : 'co-browse');
      requireFreeScope(settings, scope);
      const kind = scope.kind === 'screen' ? 'screen' : 'co-browse';
      const asked =
        shareId === null ? await findOpenOf(conversationId, kind) : await door.requireRecord(shareId, caller);
      if (asked && (asked.conversationId !== conversationId || asked.kind !== kind)) throw shareFaults.notFound();
      if (asked?.phase === 'ended') throw shareFaults.ended();
      return { share: toView(await allow(conversationId, asked, scope, mayBeRecorded, caller, settings)) };
    },

    async 'share:share-screen'({ conversationId, shareId: ofShare, surface }, caller) {
      const { settings } = await requireParticipants(host, conversationId, caller);
      requireOffered(settings, 'screen');
      const scope: ShareScope = { kind: 'screen', surface };
      const open = await findOpenOf(conversationId, 'screen');
      if (ofShare !== null && open?.shareId !== ofShare) throw shareFaults.ended();
      if (open && open.sharer !== caller.party) throw shareFaults.running(open.shareId);
      // What visitors may choose is the site's; an agent shows what an agent shows.
      const isFixed = caller.party === 'visitor' && !settings.mayChangeScope;
      if (isFixed && open?.scope && !isSameScope(open.scope, scope)) throw shareFaults.surfaceFixed();
      const { shareId } = await allow(conversationId, open, open?.scope ?? scope, false, caller, settings);
      context.holdScreen(shareId, caller.socketId);
      const actor = actorOf(caller);
      // The same person again: another surface, or the same page on a new connection.
      await changes.apply(shareId, { type: 'change-scope', by: caller.party, scope }, actor, host.now());
      return { share: toView(await changes.apply(shareId, { type: 'regain-sharer' }, actor, host.now())) };
    },

    async 'share:decline-share'({ shareId }, caller) {
      await endStep(shareId, caller, { type: 'decline', by: caller.party });
      return {};
    },

    async 'share:end-share'({ shareId, reason }, caller) {
      await endStep(shareId, caller, { type: 'end', by: caller.party, because: reason });
      return {};
    },

    async 'share:change-scope'({ shareId, scope }, caller) {
      const changed = await step(shareId, caller, (settings) => {
        requireFreeScope(settings, scope);
        if (!settings.mayChangeScope) throw shareFaults.scopeFixed();
        return { type: 'change-scope', by: caller.party, scope };
      });
      return { share: toView(changed) };
    },

    async 'share:pause-share'({ shareId, reason }, caller) {
      return { share: toView(await step(shareId, caller, () => ({ type: 'pause', by: caller.party, reason }))) };
    },

    async 'share:resume-share'({ shareId }, caller) {
      const { record } = await door.requireOpen(shareId, caller);
      const graceUntil = record.kind === 'co-browse' ? host.now() + limits.sharerGraceMs : null;
      return { share: toView(await step(shareId, caller, () => ({ type: 'resume', by: caller.party, graceUntil }))) };
    },

    async 'share:request-grant'({ shareId, grant }, caller) {
      const until = host.now() + limits.askMs;
      const asked = await step(shareId, caller, (settings) => {
        requireOfferedGrant(settings, grant);
        return { type: 'ask-grant', by: caller.party, grant, until };
      });
      return { share: toView(asked) };
    },

    async 'share:set-grant'({ shareId, grant, isGranted }, caller) {
      const set = await step(shareId, caller, (settings) => {
        if (!isGranted) return { type: 'refuse-grant', by: caller.party, grant };
        requireOfferedGrant(settings, grant);
        return { type: 'give-grant', by: caller.party, ...toGrant(settings)(grant) };
      });
      return { share: toView(set) };
    },
  };
}

/** A question as it is first stored. */
function newShareRecord(
  host: ShareHost,
  start: Pick<ShareRecord, 'conversationId' | 'kind' | 'sharer' | 'askedBy'>,
  { askMs }: ShareLimits,
): ShareRecord {
  return {
    ...start,
    shareId: uuid() as ShareId,
    revision: 1,
    phase: 'asked',
    scopeNumber: 0,
    scope: null,
    pausedBecause: null,
    grants: [],
    askedGrant: null,
    askedGrantUntil: null,
    homeNodeId: host.nodeId,
    lastEpoch: 0,
    isRecorded: false,
    askedAt: host.now(),
    allowedAt: null,
    liveAt: null,
    endedAt: null,
    endReason: null,
    dueAt: host.now() + askMs,
    sharerGraceUntil: null,
    viewerGraceUntil: null,
  };
}

async function requireParticipants(
  host: ShareHost,
  conversationId: ConversationId,
  caller: ShareCaller,
): Promise<ShareParticipants> {
  const participants = (await caller.mayUse(conversationId)) ? await host.findParticipants(conversationId) : undefined;
  if (participants === undefined) throw new ShareError('not-found', 'This conversation does not exist.');
  if (participants.phase === 'ended') throw new ShareError('conversation-ended', 'This conversation has ended.');
  if (participants.phase !== 'active') {
    throw new ShareError('invalid-transition', 'Sharing can start while an agent is in the conversation.');
  }
  return participants;
}

function requireOffered(settings: ShareSettings, kind: ShareKind): void {
  const isOffered = kind === 'screen' ? settings.offersScreen : settings.offersCoBrowse;
  if (!isOffered) throw shareFaults.notOffered();
}

function requireOfferedGrant(settings: ShareSettings, grant: ShareGrantName): void {
  if (!settings.offeredGrants.includes(grant)) throw shareFaults.grantNotOffered();
}

/** Where the site does not let the visitor choose, it is the whole page; pausing and ending are always possible. */
function requireFreeScope({ mayChangeScope }: ShareSettings, scope: ShareScope): void {
  if (mayChangeScope || scope.kind === 'screen') return;
  if (scope.kind === 'part' || scope.hiddenParts > 0) throw shareFaults.scopeFixed();
}

function actorOf({ party, personId }: ShareCaller): ShareActor {
  return { party, personId };
}
