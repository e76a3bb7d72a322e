import type { Router } from 'express';
import { createPlaybackService } from '../cobrowse/recordings/playback-service.ts';
import type { PlaybackService } from '../cobrowse/recordings/playback-service.ts';
import { createRetention } from '../cobrowse/recordings/retention.ts';
import { createStreamRecorder } from '../cobrowse/recordings/stream-recorder.ts';
import { ASSET_PATH } from '../cobrowse/relay/create-relay.ts';
import type { StreamRecorder } from '../cobrowse/relay/relay.ts';
import type {
  RecordingAuditEntry,
  RecordingCaller,
  RecordingHandlers,
  RecordingHost,
} from '../cobrowse/recording-host.ts';
import { shareId } from '../protocol/ids.ts';
import type { ConversationId } from '../protocol/ids.ts';
import { agentRecordingRequests, shareHistoryWhat } from '../protocol/recordings.ts';
import type { ShareHistoryEntry } from '../protocol/recordings.ts';
import { listDepartmentIdsOf } from './accounts/account-store.ts';
import { mayReview } from './conversations/conversation-policy.ts';
import { createRecordingStore } from './conversations/recording-store.ts';
import type { Db } from './db/open.ts';
import type { AgentContext, AgentHandlers } from './handlers.ts';
import { createAssetRoutes } from './http/asset-routes.ts';
import type { AssetRouteParts } from './http/asset-routes.ts';
import type { AuditService } from './insights/audit-service.ts';
import type { Logger } from './logger.ts';
import type { SiteService } from './sites/site-service.ts';

const DAY_MS = 86_400_000;

export interface RecordingParts {
  db: Db;
  now: () => number;
  log: Logger;
  sites: SiteService;
  audit: AuditService;
}

/** Recordings of shared pages: what writes them, what gives them to agents, and what erases them. */
export interface Recordings extends Pick<PlaybackService, 'findAsset' | 'handleSocketGone'> {
  readonly recorder: StreamRecorder;
  readonly handlers: AgentHandlers<keyof typeof agentRecordingRequests>;
  recover(nodeId: string): Promise<void>;
  sweep(): Promise<void>;
  /** Once what has come is written. */
  close(): Promise<void>;
}

/** The one place where recordings meet conversations, sites and the audit log. */
export function createRecordings(parts: RecordingParts): Recordings {
  const { db, now, log, sites } = parts;
  const host = createRecordingHost(parts);
  const store = createRecordingStore(db, (siteId) => sites.requireSite(siteId).settings.coBrowse.recording === 'ask');
  const recorder = createStreamRecorder({ store, now, log });
  const { handlers, findAsset, handleSocketGone } = createPlaybackService({
    host,
    store,
    settle: recorder.flush,
    assetPath: ASSET_PATH,
  });
  return {
    recorder,
    handlers: createHandlersFor(db, handlers),
    findAsset,
    handleSocketGone,
    recover: recorder.recover,
    sweep: createRetention({ host, store, log }),
    close: recorder.close,
  };
}

/** Pictures of what is shared and of what was recorded, below one address. */
export function createSharedAssets(...keepers: AssetRouteParts[]): { path: string; routes: Router } {
  return { path: ASSET_PATH, routes: createAssetRoutes(...keepers) };
}

function createRecordingHost({ now, sites, audit }: Pick<RecordingParts, 'now' | 'sites' | 'audit'>): RecordingHost {
  return {
    now,
    audit: ({ conversationId, shareId: of, agentId, what }: RecordingAuditEntry) =>
      audit.append({
        conversationId,
        actor: agentId === null ? 'system' : 'agent',
        actorId: agentId,
        what,
        data: { shareId: of },
      }),
    async listHistory(conversationId) {
      const entries = await audit.listNamedOf(conversationId);
      return entries.flatMap(({ auditEntryId, data: { shareId: of, ...data }, actor, actorName, what, at }) => {
        const [share, known] = [shareId.safeParse(of), shareHistoryWhat.safeParse(what)];
        if (!share.success || !known.success) return [];
        const entry: ShareHistoryEntry = {
          entryId: auditEntryId,
          shareId: share.data,
          at,
          actor,
          actorName,
          what: known.data,
          data,
        };
        return [entry];
      });
    },
    listRetention: () =>
      sites.withRetired().map(({ siteId, settings }) => ({ siteId, keptMs: settings.coBrowse.recordingDays * DAY_MS })),
  };
}

/** The handlers as the gateway calls them. */
function createHandlersFor(db: Db, handlers: RecordingHandlers): AgentHandlers<keyof typeof agentRecordingRequests> {
  const toCaller = (context: AgentContext): RecordingCaller => ({
    agentId: context.agentId,
    socketId: context.socketId,
    async mayReview(conversationId: ConversationId) {
      const conversation = await db
        .selectFrom('conversations')
        .innerJoin('sites', 'sites.siteId', 'conversations.siteId')
        .select(['agentId', 'departmentId', 'tenantId'])
        .where('conversationId', '=', conversationId)
        .executeTakeFirst();
      if (!conversation) return false;
      return mayReview(context, conversation, await listDepartmentIdsOf(db, context.agentId));
    },
  });
  const adapted = Object.fromEntries(
    Object.keys(agentRecordingRequests).map((name) => {
      const handler = handlers[name as keyof RecordingHandlers] as (
        input: unknown,
        caller: RecordingCaller,
      ) => Promise<unknown>;
      return [name, (input: unknown, context: AgentContext) => handler(input, toCaller(context))];
    }),
  ) as unknown;
  return adapted as AgentHandlers<keyof typeof agentRecordingRequests>;
}
