import { randomUUID } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import { keyFrame } from '../../cobrowse/relay/relay-fixture.ts';
import type { AgentRequests, InputOf, OutputOf, VisitorRequests } from '../../protocol/contract.ts';
import type { ConversationId, ShareId } from '../../protocol/ids.ts';
import type { ShareKind, SharePhase, ShareScope, ShareView } from '../../protocol/sharing.ts';
import type { TestServer } from '../_support/start-server.ts';
import type { AgentPage, VisitorPage } from '../_support/story.ts';

export const wholePage: ShareScope = { kind: 'page', hiddenParts: 0 };
export const onePart: ShareScope = { kind: 'part', hiddenParts: 0 };

/** The next change of a share that the page hears of and that fits; an agent may have several conversations. */
export async function nextShare(
  page: VisitorPage | AgentPage,
  wanted: SharePhase | ((share: ShareView) => boolean),
  conversationId?: ConversationId,
): Promise<ShareView> {
  const isWanted = typeof wanted === 'function' ? wanted : ({ phase }: ShareView) => phase === wanted;
  const fits = ({ share }: { share: ShareView }): boolean =>
    isWanted(share) && (conversationId === undefined || share.conversationId === conversationId);
  const { share } = await ('visitorId' in page
    ? page.nextEvent('share:changed', fits)
    : page.nextEvent('share:changed', fits));
  return share;
}

/** "Request co-browsing" or "Request screen share". */
export async function requestShare(
  agent: AgentPage,
  conversationId: ConversationId,
  kind: ShareKind = 'co-browse',
): Promise<ShareView> {
  return (await agent.request('share:request-share', { conversationId, kind })).share;
}

/** The visitor's "Allow". */
export async function allowShare(
  visitor: VisitorPage,
  conversationId: ConversationId,
  changes: Partial<InputOf<VisitorRequests, 'share:allow-share'>> = {},
): Promise<ShareView> {
  const input = { conversationId, shareId: null, scope: wholePage, ...changes };
  return (await visitor.request('share:allow-share', input)).share;
}

export async function setGrant(
  visitor: VisitorPage,
  input: InputOf<VisitorRequests, 'share:set-grant'>,
): Promise<ShareView> {
  const answer: OutputOf<VisitorRequests, 'share:set-grant'> = await visitor.request('share:set-grant', input);
  return answer.share;
}

export async function requestGrant(
  agent: AgentPage,
  input: InputOf<AgentRequests, 'share:request-grant'>,
): Promise<ShareView> {
  return (await agent.request('share:request-grant', input)).share;
}

/** What the audit log holds about a conversation: who, what, and the data worth looking at. */
export async function readAudit(
  server: TestServer,
  conversationId: ConversationId,
): Promise<{ actor: string; actorId: string | null; what: string; data: Record<string, unknown> }[]> {
  const rows = await server.read((db) =>
    db
      .selectFrom('auditEntries')
      .selectAll()
      .where('conversationId', '=', conversationId)
      .orderBy('at')
      .orderBy('auditEntryId')
      .execute(),
  );
  return rows.map(({ actor, actorId, what, dataJson }) => ({
    actor,
    actorId,
    what,
    data: JSON.parse(dataJson) as Record<string, unknown>,
  }));
}

export async function storedShare(server: TestServer, shareId: ShareId) {
  return server.read((db) =>
    db.selectFrom('shares').selectAll().where('shareId', '=', shareId).executeTakeFirstOrThrow(),
  );
}

/** Where the clock of the server stands, for what runs out. */
export function createClock() {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    forward(ms: number): void {
      aheadMs += ms;
    },
  };
}

/** A page of the visitor that streams: raw, without widget or recorder. */
export async function openStream(visitor: VisitorPage, shareId: ShareId, tabId: string = randomUUID()) {
  const opened = await visitor.request('share:open-stream', {
    shareId,
    tabId,
    page: { url: 'https://shop.example.com/cart', title: 'Cart' },
    isFront: true,
  });
  const place = { shareId, tabId, epoch: opened.epoch };
  const events = keyFrame([{ type: 3, id: 6, textContent: 'two lamps' }]);
  const data = deflateRawSync(JSON.stringify(events), { finishFlush: constants.Z_SYNC_FLUSH });
  const frame = { ...place, scopeNumber: opened.scopeNumber, seq: 0, isKey: true, isLast: true, data };
  return { ...opened, place, frame, sendKey: () => visitor.request('share:send-frame', frame) };
}
