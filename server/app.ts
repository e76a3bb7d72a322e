// Longer than other files on purpose: the whole server in the order in which it is built, and closed the other way round.
import { join } from 'node:path';
import { createShareService } from '../cobrowse/share-service.ts';
import { createCallService } from '../media/call-service.ts';
import { planListening } from '../media/sfu/announced-address.ts';
import { createNoWorkers } from '../media/sfu/no-workers.ts';
import { createWorkerPool } from '../media/sfu/worker-pool.ts';
import { agentRequests, visitorRequests } from '../protocol/contract.ts';
import type { AgentId, DepartmentId } from '../protocol/ids.ts';
import { createAccountHandlers } from './accounts/account-handlers.ts';
import { setChatCaps } from './accounts/account-store.ts';
import { ensureFirstAdmin } from './accounts/first-admin.ts';
import { createPresenceService } from './accounts/presence-service.ts';
import { createSessionService } from './accounts/session-service.ts';
import { createCallHandlersFor, createCallHost, isCallError, listLastCallLines } from './calls.ts';
import type { Config } from './config.ts';
import { broadcastConversations } from './conversations/conversation-broadcast.ts';
import {
  createAgentConversationHandlers,
  createVisitorConversationHandlers,
} from './conversations/conversation-handlers.ts';
import { createConversationService } from './conversations/conversation-service.ts';
import { countRunningOfAgent, findRunningOf, listRunningIdsOfAgent } from './conversations/conversation-store.ts';
import { createConversationViews } from './conversations/conversation-view.ts';
import { broadcastLeftMessages } from './conversations/left-message-broadcast.ts';
import { createLeftMessageService } from './conversations/left-message-service.ts';
import { createMessageService } from './conversations/message-service.ts';
import { createMessageWriter } from './conversations/message-writer.ts';
import { deleteConnectionsOfNode } from './db/connection-store.ts';
import { openDatabase } from './db/open.ts';
import { createDomainEventBus } from './domain-events.ts';
import { AppError } from './errors.ts';
import type { CodedError } from './errors.ts';
import { takeFrontDoor } from './http/front-door.ts';
import type { FrontDoor } from './http/front-door.ts';
import { createOperationRoutes } from './http/operation-routes.ts';
import { createPageRoutes } from './http/page-routes.ts';
import { createSessionRoutes } from './http/session-routes.ts';
import { createShell } from './http/shell.ts';
import { toViewerPage } from './http/viewer-routes.ts';
import { createAuditService } from './insights/audit-service.ts';
import { listUnready, readLiveNumbers } from './live-numbers.ts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { claimNode } from './node-claim.ts';
import { createSocketServer, openGateway } from './realtime/gateway.ts';
import { createRateLimits } from './realtime/rate-limits.ts';
import { createAnnouncer } from './realtime/rooms.ts';
import { createRecordings, createSharedAssets } from './recordings.ts';
import { createAvailabilityService } from './routing/availability-service.ts';
import { createDeskSessionHandlers } from './routing/desk-session-handlers.ts';
import { createDispatcher } from './routing/dispatcher.ts';
import { createOfferService } from './routing/offer-service.ts';
import { createQueueBroadcast } from './routing/queue-broadcast.ts';
import { createQueueViews } from './routing/queue-views.ts';
import { createAgentRoutingHandlers, createVisitorRoutingHandlers } from './routing/routing-handlers.ts';
import { connectRouting } from './routing/routing.ts';
import { createVisitorSessionHandlers } from './routing/visitor-session-handlers.ts';
import {
  createShareHandlersFor,
  createShareHost,
  isShareError,
  listLastShareLines,
  toCallId,
  toOpenRelay,
  toScreens,
} from './shares.ts';
import { withDemoSite } from './sites/default-sites.ts';
import { createOpeningHours } from './sites/opening-hours.ts';
import { createSiteService } from './sites/site-service.ts';
import { startSweeper } from './sweeper.ts';
import type { Sweeper } from './sweeper.ts';
import { createVisitorService } from './visitors/visitor-service.ts';

/** What a test puts in place of the real thing. */
export interface AppOverrides {
  now?: () => number;
  log?: Logger;
  clientDir?: string;
  /** Multiplies all rate limits: a load test is many people behind one address. */
  rateLimitFactor?: number;
  /** Checks every answer against the contract. */
  checksOutput?: boolean;
}

export interface App {
  /** Where the server listens, such as `http://127.0.0.1:3000`. */
  url: string;
  /** Shown once, when this start has made the first account. */
  firstAdmin: { email: string; password: string } | null;
  /** A sentence for the operator when calls from outside will not get through. */
  mediaWarning: string | null;
  mediaWorkerPids(): number[];
  close(): Promise<void>;
}

const CLIENT_DIR = join(import.meta.dirname, '..', 'dist', 'client');
const ANSWER = (error: unknown): error is CodedError =>
  error instanceof AppError || isCallError(error) || isShareError(error);

/**
 * Makes sure of the node and the port before anything is touched, and builds the server behind them. A start that
 * fails leaves neither behind.
 */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const claim = claimNode(config.dataDir, config.nodeId);
  let door: FrontDoor | undefined;
  try {
    door = await takeFrontDoor(config.port, config.host);
    const app = await buildApp(config, overrides, door);
    return { ...app, close: () => app.close().finally(claim.release) };
  } catch (error) {
    await door?.close();
    claim.release();
    throw error;
  }
}

/**
 * The composition root: builds every part, in the order in which they depend on one another, and connects them. The
 * only file that knows all of them. Closing goes the other way round.
 */
async function buildApp(config: Config, overrides: AppOverrides, door: FrontDoor): Promise<App> {
  const now = overrides.now ?? Date.now;
  const log = overrides.log ?? createLogger({ level: config.logLevel });
  const isHttps = config.publicUrl?.startsWith('https:') ?? false;
  const { nodeId, timing } = config;

  // What is kept.
  const database = await openDatabase(config.databasePath, (error) =>
    log.warn({ err: error }, 'checkpoints run on the main thread from now on'),
  );
  const { db } = database;
  if (database.migrated.length > 0) log.info({ migrations: database.migrated }, 'database brought up to date');
  const lostConnections = await deleteConnectionsOfNode(db, nodeId);

  // What is heard.
  const events = createDomainEventBus(log);
  const io = createSocketServer();
  const announcer = createAnnouncer(io, log);
  let sweeper: Sweeper | undefined;
  const remindAt = (dueAt: number): void => sweeper?.remindAt(dueAt);

  // sites → accounts → visitors
  const sites = await createSiteService(db, withDemoSite(config.sites, config.hasDemo), now());
  const openingHours = createOpeningHours({ now, events, sites, remindAt });
  const firstAdmin = await ensureFirstAdmin(db, sites, config, now());
  await setChatCaps(db, config.chatCap);
  const sessions = createSessionService({ db, now, log });
  const presence = createPresenceService({
    db,
    now,
    events,
    announcer,
    sites,
    hours: openingHours,
    graceMs: timing.agentGraceMs,
    countOpenConversations: countRunningOfAgent,
  });
  const visitors = createVisitorService({ db, now, events });

  // conversations, with what they need from the parts below them
  const availability = createAvailabilityService({ db, now, log, announcer, sites, hours: openingHours });
  const views = createConversationViews({
    db,
    sites,
    findQueue: (row) => queueViews.forVisitor(row),
    findCall: (conversationId) => calls.viewOf(conversationId),
    findShares: (conversationId) => shares.viewsOf(conversationId),
  });
  const queueViews = createQueueViews({
    db,
    now,
    sites,
    factsOf: views.factsOf,
    findCallId: async (conversationId) => (await calls.viewOf(conversationId))?.callId ?? null,
  });
  const messages = createMessageService({ db, writer: createMessageWriter(database, now), now, events, announcer });
  const leftMessages = createLeftMessageService({ db, now, events, sites });
  const conversations = createConversationService({
    db,
    now,
    log,
    events,
    sites,
    views,
    visitorGraceMs: timing.visitorGraceMs,
    findOpenDepartment: availability.findOpenDepartment,
    listLastLines: async (within, conversationId) => [
      ...(await listLastShareLines(within, conversationId, now())),
      ...(await listLastCallLines(within, conversationId, now())),
    ],
    prepareCall: (conversationId, modality) => calls.prepareCall(conversationId, modality),
  });

  // media
  const listenPlan = planListening(config.rtc.announcedAddress ?? undefined);
  const workers =
    config.rtc.workers === 0
      ? createNoWorkers()
      : createWorkerPool({ log, listenPlan, basePort: config.rtc.port, workerCount: config.rtc.workers ?? undefined });
  const calls = createCallService({
    workers,
    host: createCallHost({ db, now, nodeId, log, announcer, sites, messages, screens: toScreens(() => shares) }),
  });
  const callHandlers = createCallHandlersFor(db, calls);

  // co-browsing and shared screens
  const audit = createAuditService({ db, now });
  const shareHost = createShareHost({ db, now, nodeId, log, announcer, sites, messages, audit });
  const recordings = createRecordings({ db, now, log, sites, audit });
  const shares = createShareService({
    host: shareHost,
    shutScreen: (shareId) => calls.shutScreen(toCallId(shareId)),
    pauseScreen: (shareId, isPaused) => calls.pauseScreen(toCallId(shareId), isPaused),
    openRelay: toOpenRelay(shareHost, recordings.recorder),
  });
  shares.onShareEnded(({ shareId, kind }) => kind === 'screen' && calls.handleShareEnded(toCallId(shareId)));
  const shareHandlers = createShareHandlersFor(db, shares.handlers);

  // routing
  const dispatcher = createDispatcher({
    db,
    now,
    log,
    announcer,
    views: queueViews,
    offerMs: timing.offerMs,
    remindAt,
  });
  const queueBroadcast = createQueueBroadcast({ db, log, announcer, views: queueViews });
  const offers = createOfferService({
    db,
    now,
    log,
    announcer,
    conversations,
    views,
    onOfferClosed: (offer) =>
      [calls, routing].forEach((part) => void part.handleOfferClosed(offer).catch(logFailure('after an offer'))),
  });
  broadcastConversations({
    events,
    announcer,
    views,
    beginCall: calls.handleConversationAccepted,
    endCall: calls.handleConversationEnded,
    endShares: shares.handleConversationEnded,
  });
  broadcastLeftMessages({ db, events, announcer, leftMessages });
  const routing = connectRouting({
    db,
    now,
    events,
    sites,
    availability,
    offers,
    dispatcher,
    queue: queueBroadcast,
    isOnDuty: (agentId) => presence.isOnDuty(agentId),
    announceAgent: presence.announce,
  });
  events.on('conversation:accepted', ({ conversationId }) => shares.handleConversationAccepted(conversationId));
  events.on('visitor:page-changed', ({ visitorId }) => conversations.handleVisitorSeen(visitorId));
  events.on('visitor:gone', async ({ visitorId }) => {
    const graceUntil = await conversations.handleVisitorGone(visitorId);
    if (graceUntil !== null) remindAt(graceUntil);
  });

  // the edges
  const metrics = createMetrics(
    () => readLiveNumbers({ db, io, calls, shares }),
    (name) => Object.hasOwn(visitorRequests, name) || Object.hasOwn(agentRequests, name),
  );
  events.on('message:added', () => metrics.countMessage());
  const findSite = (siteKey: string) => {
    const site = sites.findByKey(siteKey);
    return site && { siteId: site.siteId, allowedOrigins: site.settings.allowedOrigins };
  };
  const shell = createShell({
    trustedProxies: config.trustedProxies,
    viewerUrl: config.viewerUrl,
    isHttps,
    log,
    isAnswer: ANSWER,
    operation: createOperationRoutes({
      metrics,
      findUnready: async () => [...(closing ? ['shutting down'] : []), ...(await listUnready({ db, workers }))],
    }),
    api: createSessionRoutes({
      publicUrl: config.publicUrl,
      trustedProxies: config.trustedProxies,
      sessions,
      announcer,
      viewOf: presence.viewOf,
      onSignedOut: presence.handleSignedOut,
    }),
    sharedAssets: createSharedAssets(shares, recordings),
    pages: createPageRoutes({
      clientDir: overrides.clientDir ?? CLIENT_DIR,
      isHttps,
      publicUrl: config.publicUrl,
      viewerUrl: config.viewerUrl,
      hasDemo: config.hasDemo,
      findAllowedOrigins: (siteKey) => findSite(siteKey)?.allowedOrigins,
    }),
  });

  // what a stopped or killed process left behind
  await presence.recover(
    lostConnections.flatMap(({ party, personId }) => (party === 'agent' ? [personId as AgentId] : [])),
  );
  await conversations.recover();
  await calls.recover();
  await recordings.recover(nodeId);
  await shares.recover();
  await conversations.rehouse();
  workers.start().catch(logFailure('starting the media workers'));
  sweeper = startSweeper({
    db,
    now,
    log,
    nodeId,
    everyMs: timing.sweepEveryMs,
    tasks: {
      offers: offers.sweep,
      visitors: conversations.sweep,
      agents: presence.sweep,
      sessions: async () => {
        for (const tokenHash of await sessions.endExpired()) announcer.endSession(tokenHash, 'expired');
      },
      hours: openingHours.sweep,
      calls: () => calls.sweep(now()),
      shares: () => shares.sweep(now()),
      recordings: recordings.sweep,
    },
    ownTasks: { calls: calls.follow, shares: shares.follow },
  });
  await openingHours.sweep();
  for (const site of sites.all()) {
    for (const { departmentId } of site.departments) dispatcher.ask(departmentId satisfies DepartmentId);
  }

  // the doors, opened last: whoever comes in finds everything in place
  const conversationParts = { conversations, messages, leftMessages };
  const gateway = openGateway({
    io,
    http: door.http,
    db,
    nodeId,
    now,
    log,
    sessions,
    visitors,
    findSite,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    limits: createRateLimits(overrides.rateLimitFactor ?? 1),
    checksOutput: overrides.checksOutput ?? false,
    isAnswer: ANSWER,
    observe: metrics.observeRequest,
    visitorHandlers: {
      ...createVisitorSessionHandlers({ db, now, sites, visitors, availability, views }),
      ...createVisitorConversationHandlers(conversationParts),
      ...createVisitorRoutingHandlers(conversations),
      ...callHandlers,
      ...shareHandlers.visitor,
    },
    agentHandlers: {
      ...createDeskSessionHandlers({
        db,
        now,
        presence,
        views,
        queueViews,
        leftMessages,
        viewerUrl: toViewerPage(config.viewerUrl),
      }),
      ...createAccountHandlers(presence, sessions),
      ...createAgentConversationHandlers(conversationParts),
      ...createAgentRoutingHandlers(offers),
      ...callHandlers,
      ...shareHandlers.agent,
      ...recordings.handlers,
    },
    listConversationsOfAgent: (agentId) => listRunningIdsOfAgent(db, agentId),
    findConversationOfVisitor: async (visitorId) => (await findRunningOf(db, visitorId))?.conversationId,
    onVisitorPageOpened: (visitorId) => conversations.handleVisitorSeen(visitorId),
    async onVisitorPageClosed(visitorId, siteId, socketId) {
      // Presence first: the grace must run whatever becomes of a call.
      await visitors.handlePageGone(visitorId, siteId);
      await shares.handleSocketGone(socketId);
      await calls.handleSocketGone(socketId);
    },
    onAgentPageOpened: presence.handleConnected,
    async onAgentPageClosed(page) {
      const { socketId } = page;
      const graceUntil = await presence.handleDisconnected(page);
      if (graceUntil !== null) remindAt(graceUntil);
      recordings.handleSocketGone(socketId);
      await shares.handleSocketGone(socketId);
      await calls.handleSocketGone(socketId);
    },
  });
  door.open(shell);

  let closing: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    await gateway.close();
    await sweeper?.close();
    dispatcher.close();
    queueBroadcast.close();
    availability.close();
    await events.settled();
    await shares.close();
    await recordings.close();
    await calls.close();
    await workers.close();
    await door.close();
    await database.close();
  }

  function logFailure(what: string) {
    return (error: unknown): void => log.error({ err: error }, `${what} failed`);
  }

  return {
    url: `http://${config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host}:${door.port}`,
    firstAdmin,
    mediaWarning: config.rtc.workers === 0 ? null : listenPlan.warning,
    mediaWorkerPids: () => workers.snapshot().workers.flatMap((worker) => (worker ? [worker.pid] : [])),
    close: () => (closing ??= closeAll()),
  };
}
