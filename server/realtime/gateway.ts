import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import { agentRequests, visitorRequests } from '../../protocol/contract.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { AgentId, ConversationId, SiteId, VisitorId } from '../../protocol/ids.ts';
import { deleteConnection, insertConnection } from '../db/connection-store.ts';
import type { Db } from '../db/open.ts';
import { AppError, toWireError } from '../errors.ts';
import type { CodedError } from '../errors.ts';
import type { AgentContext, AgentHandlers, VisitorContext, VisitorHandlers, VisitorPageContext } from '../handlers.ts';
import type { Logger } from '../logger.ts';
import { toClientAddress } from '../client-address.ts';
import { admitAgent, admitVisitor } from './handshake.ts';
import type { HandshakeParts } from './handshake.ts';
import { LocalAdapter } from './local-adapter.ts';
import type { AgentPage, VisitorPage } from './pages.ts';
import type { RateLimits } from './rate-limits.ts';
import { runRequests } from './request-runner.ts';
import { roomOf } from './rooms.ts';
import { gatherTurnWrites } from './turn-writes.ts';

/** Larger than any request of the contract; files go over HTTP. */
const MAX_MESSAGE_BYTES = 128_000;
/** A lost line is noticed after 18 s at the latest; a call's media notices sooner by itself. */
const PING_INTERVAL_MS = 10_000;
const PING_TIMEOUT_MS = 8_000;
/** How long requests that run while the server closes may take to be answered. */
const DRAIN_MS = 2_000;
/** Each reads who the page is and may change it, so a page asks them one after another. */
const VISITOR_TURNS: ReadonlySet<string> = new Set(['visitor:start-session', 'visitor:forget-me', 'call:accept-call']);
const AGENT_TURNS: ReadonlySet<string> = new Set(['routing:accept-offer', 'routing:take-request', 'call:accept-call']);
/** Sent along with the click on "Accept", without waiting for its answer. */
const FOLLOWING_REQUESTS: ReadonlySet<string> = new Set(['call:join-call']);

/** Made before the parts, because they speak through it; requests are answered once `openGateway` is called. */
export function createSocketServer(): Server {
  return new Server({
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    perMessageDeflate: false,
    adapter: LocalAdapter,
    // Our own pages only; other origins are sites' and are checked in the handshake, with a clear code.
    cors: { origin: false },
  });
}

export interface GatewayParts extends HandshakeParts {
  io: Server;
  http: HttpServer;
  db: Db;
  nodeId: string;
  now: () => number;
  log: Logger;
  limits: RateLimits;
  trustedProxies: number;
  checksOutput: boolean;
  isAnswer(error: unknown): error is CodedError;
  visitorHandlers: VisitorHandlers;
  agentHandlers: AgentHandlers;
  listConversationsOfAgent(agentId: AgentId): Promise<ConversationId[]>;
  findConversationOfVisitor(visitorId: VisitorId): Promise<ConversationId | undefined>;
  onVisitorPageOpened(visitorId: VisitorId, siteId: SiteId): Promise<void>;
  onVisitorPageClosed(visitorId: VisitorId, siteId: SiteId, socketId: string): Promise<void>;
  onAgentPageOpened(agentId: AgentId): Promise<void>;
  onAgentPageClosed(page: { agentId: AgentId; socketId: string; tokenHash: string }): Promise<void>;
  observe(wireName: string, outcome: string, tookMs: number): void;
}

export interface Gateway {
  /** Refuses new connections and requests with `shutting-down`, answers those that run, lets go of the sockets. */
  close(): Promise<void>;
}

/** Opens `/visitor` and `/agent`. */
export function openGateway(parts: GatewayParts): Gateway {
  const { io, log } = parts;
  let isClosing = false;
  const visitors = io.of('/visitor');
  const agents = io.of('/agent');
  const leaving = new Set<Promise<void>>();
  const answering = new Set<Promise<void>>();
  const onAnswering = (answered: Promise<void>): void => {
    answering.add(answered);
    void answered.finally(() => answering.delete(answered));
  };

  const guard = <Page>(admit: (socket: Socket, handshake: HandshakeParts) => Promise<Page>) => {
    return (socket: Socket, next: (error?: Error) => void): void => {
      (async () => {
        if (isClosing) throw new AppError('shutting-down', 'The server is restarting. The page reconnects by itself.');
        const address = toClientAddress(socket.request, parts.trustedProxies);
        parts.limits.checkConnection(address);
        socket.data.address = address;
        socket.data.page = await admit(socket, parts);
      })().then(
        () => next(),
        (error: unknown) => {
          const wireError = toWireError(error, parts.isAnswer);
          if (wireError.code === 'internal') log.error({ err: error }, 'handshake failed');
          else log.debug({ code: wireError.code }, 'handshake refused');
          next(Object.assign(new Error(wireError.message), { data: wireError }));
        },
      );
    };
  };
  // The namespace that is always there: without a guard anybody could sit in it for ever.
  io.use((_socket, next) => {
    const error = { code: 'not-found', message: 'There is nothing at this address.' } satisfies WireError;
    next(Object.assign(new Error(error.message), { data: error }));
  });
  visitors.use(guard(admitVisitor));
  agents.use(guard(admitAgent));

  function whenGone(socket: Socket, task: () => Promise<void>): void {
    const done = task()
      .catch((error: unknown) => log.error({ err: error, socketId: socket.id }, 'a closed page was not tidied up'))
      .finally(() => leaving.delete(done));
    leaving.add(done);
  }

  const assertOpen = (): void => {
    if (isClosing) throw new AppError('shutting-down', 'The server is restarting. The page reconnects by itself.');
  };

  visitors.on('connection', (socket) => {
    const page = socket.data.page as VisitorPage;
    const address = String(socket.data.address);
    runRequests<VisitorContext | VisitorPageContext>(socket, {
      ...parts,
      requests: visitorRequests,
      handlers: parts.visitorHandlers,
      takesTurns: VISITOR_TURNS,
      followsTurns: FOLLOWING_REQUESTS,
      onAnswering,
      toContext(wireName) {
        assertOpen();
        const attach = (visitorId: VisitorId) => attachVisitor(parts, socket, visitorId);
        const own = {
          party: 'visitor' as const,
          siteId: page.siteId,
          socketId: socket.id,
          userAgent: page.userAgent,
          attach,
        };
        if (wireName === 'visitor:start-session') return { ...own, visitorId: page.visitorId };
        if (page.visitorId === null) throw new AppError('not-signed-in', 'This page has not said hello yet.');
        return { ...own, visitorId: page.visitorId };
      },
      // Whoever becomes a new visitor counts for the address: new visitors cost nothing to make.
      toLimitKey: ({ visitorId }, wireName) =>
        visitorId === null || wireName === 'visitor:forget-me' ? address : visitorId,
    });
    socket.on('disconnect', () => {
      const { visitorId, siteId } = page;
      if (visitorId === null) return;
      whenGone(socket, async () => {
        await deleteConnection(parts.db, socket.id);
        await parts.onVisitorPageClosed(visitorId, siteId, socket.id);
      });
    });
  });

  agents.on('connection', (socket) => {
    const page = socket.data.page as AgentPage;
    const { agentId, tenantId, role, tokenHash } = page;
    const context: AgentContext = { party: 'agent', agentId, tenantId, role, tokenHash, socketId: socket.id };
    const attached = attachAgent(parts, socket, page);
    attached.catch((error: unknown) => {
      log.error({ err: error }, 'an agent could not be connected');
      socket.disconnect(true);
    });
    runRequests<AgentContext>(socket, {
      ...parts,
      requests: agentRequests,
      handlers: parts.agentHandlers,
      takesTurns: AGENT_TURNS,
      followsTurns: FOLLOWING_REQUESTS,
      onAnswering,
      ready: attached,
      toContext() {
        assertOpen();
        return context;
      },
      toLimitKey: () => agentId,
    });
    socket.on('disconnect', () => {
      whenGone(socket, async () => {
        await attached.catch(() => undefined);
        await deleteConnection(parts.db, socket.id);
        await parts.onAgentPageClosed(context);
      });
    });
  });

  io.attach(parts.http);
  gatherTurnWrites(io.engine, (error) => log.error({ err: error }, 'a page could not be told'));
  return {
    async close() {
      isClosing = true;
      await settleWithin(answering, DRAIN_MS);
      await endOfTurn();
      visitors.disconnectSockets(true);
      agents.disconnectSockets(true);
      await endOfTurn();
      io.engine.close();
      await Promise.all(leaving);
    },
  };
}

/**
 * From now on this page is this visitor's. First the rooms of the person, then what runs: whatever starts in between
 * admits the page by that room, so that nothing falls between.
 */
async function attachVisitor(parts: GatewayParts, socket: Socket, visitorId: VisitorId): Promise<void> {
  const page = socket.data.page as VisitorPage;
  for (const room of socket.rooms) if (room !== socket.id) await socket.leave(room);
  if (page.visitorId !== null && page.visitorId !== visitorId) await deleteConnection(parts.db, socket.id);
  page.visitorId = visitorId;
  await socket.join([roomOf.site(page.siteId), roomOf.visitor(visitorId)]);
  const running = await parts.findConversationOfVisitor(visitorId);
  if (running) await socket.join(roomOf.conversation(running));
  await insertConnection(
    parts.db,
    { socketId: socket.id, nodeId: parts.nodeId, party: 'visitor', personId: visitorId },
    parts.now(),
  );
  // The page may have closed while the row was written: then nobody else will delete it, or start the grace again.
  if (!socket.connected) {
    await deleteConnection(parts.db, socket.id);
    await parts.onVisitorPageClosed(visitorId, page.siteId, socket.id);
    return;
  }
  await parts.onVisitorPageOpened(visitorId, page.siteId);
}

async function attachAgent(parts: GatewayParts, socket: Socket, page: AgentPage): Promise<void> {
  await socket.join([roomOf.agent(page.agentId), roomOf.session(page.tokenHash)]);
  const running = await parts.listConversationsOfAgent(page.agentId);
  if (running.length > 0) await socket.join(running.map(roomOf.conversation));
  await insertConnection(
    parts.db,
    { socketId: socket.id, nodeId: parts.nodeId, party: 'agent', personId: page.agentId },
    parts.now(),
  );
  await parts.onAgentPageOpened(page.agentId);
}

/** What was said in this turn has left the process then. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function settleWithin(tasks: ReadonlySet<Promise<void>>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([Promise.allSettled(tasks), limit]);
  clearTimeout(timer);
}
