import { EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import { v7 as uuid } from 'uuid';
import type { CallId, ConversationId, Modality, Party } from '../../../protocol/ids.ts';
import type { CallCaller, CallHost, CallLine, CallLog, CallParticipants } from '../../../media/call-host.ts';
import { createCallService, type CallService } from '../../../media/call-service.ts';
import type { CallLimits } from '../../../media/call-limits.ts';
import { createMemoryCallStore } from '../../../media/call-store-memory.ts';
import { planListening } from '../../../media/sfu/announced-address.ts';
import { createWorkerPool, type WorkerPool, type WorkerPoolOptions } from '../../../media/sfu/worker-pool.ts';

/** One event as a page would get it. */
export interface ToldEvent {
  /** A socket, or every page of the conversation. */
  to: string;
  name: string;
  payload: Record<string, unknown>;
}

export interface Page {
  caller: CallCaller;
  clientId: string;
}

/** A conversation between one visitor and one agent, with the call part as the server would run it. */
export interface CallWorld {
  service: CallService;
  workers: WorkerPool;
  store: ReturnType<typeof createMemoryCallStore>;
  conversationId: ConversationId;
  clock: { now: number };
  participants: CallParticipants;
  told: ToldEvent[];
  /** The screen that is shared, as those who keep the shares would tell it. */
  shared: { callId: CallId; sharer: Party } | null;
  /** Shared screens of which a picture has arrived, that could not be carried, or who looks at one. */
  screens: { seen: CallId[]; failed: CallId[]; watched: { callId: CallId; names: readonly string[] }[] };
  notices: readonly CallLine[];
  problems: { level: 'warn' | 'error'; message: string }[];
  /** A page of one side; each one has its own connection and its own name. */
  page(party: Party): Page;
  /** Somebody who has nothing to do with this conversation. */
  stranger(party: Party): Page;
  /** The next event of this name that fits, told since the last one of this name that was looked at, or still to come. */
  nextTold(name: string, fits?: (event: ToldEvent) => boolean): Promise<ToldEvent>;
  onTold(listener: (event: ToldEvent) => void): void;
  /** As before an agent has taken the request: pages of the agent that are there may not use the conversation. */
  startWaiting(): void;
  /** The request that waits rings at this agent's pages. */
  rungAgentId: string | null;
  /** The agent takes the request, as far as the conversation is concerned. */
  answer(): void;
  /** The process dies and another one starts on the same database. */
  restartService(): Promise<void>;
  close(): Promise<void>;
}

export interface CallWorldOptions {
  workerCount?: number;
  limits?: Partial<CallLimits>;
  workers?: Partial<WorkerPoolOptions>;
  offeredModalities?: Modality[];
}

export async function createCallWorld(options: CallWorldOptions = {}): Promise<CallWorld> {
  const problems: CallWorld['problems'] = [];
  const log = createTestLog(problems);
  const workerCount = options.workerCount ?? 1;
  const workers = createWorkerPool({
    log,
    listenPlan: planListening(undefined, () => ({})),
    basePort: await findFreePorts(workerCount),
    workerCount,
    ...options.workers,
  });
  await workers.start();

  const store = createMemoryCallStore();
  const clock = { now: 1_000_000 };
  const conversationId = uuid() as ConversationId;
  const someAgent = { personId: uuid(), name: 'Ada' };
  const participants: CallParticipants = {
    phase: 'active',
    visitor: { personId: uuid(), name: 'Vera' },
    agent: someAgent,
    offeredModalities: options.offeredModalities ?? ['text', 'voice', 'video'],
  };
  const told: ToldEvent[] = [];
  const events = new EventEmitter<{ told: [ToldEvent] }>().setMaxListeners(0);
  const tell = (event: ToldEvent) => {
    // What goes over a real wire is text.
    const copy = structuredClone(event);
    told.push(copy);
    events.emit('told', copy);
  };
  const ringing: Pick<CallWorld, 'rungAgentId'> = { rungAgentId: null };
  const sharing: Pick<CallWorld, 'shared' | 'screens'> = {
    shared: null,
    screens: { seen: [], failed: [], watched: [] },
  };
  const host: CallHost = {
    screens: {
      find: async (callId) =>
        sharing.shared?.callId === callId
          ? { conversationId, sharer: sharing.shared.sharer, isPaused: false }
          : undefined,
      handleWatched: (callId, names) => void sharing.screens.watched.push({ callId, names }),
      handleSeen: async (callId) => void sharing.screens.seen.push(callId),
      handleFailed: async (callId) => void sharing.screens.failed.push(callId),
    },
    now: () => clock.now,
    nodeId: 'test-node',
    log,
    calls: store,
    findParticipants: async (id) => (id === conversationId ? participants : undefined),
    isRung: async (id, agentId) => id === conversationId && ringing.rungAgentId === agentId,
    tellConversation: (_id, name, payload) => tell({ to: 'conversation', name, payload }),
    tellSocket: (socketId, _party, name, payload) => tell({ to: socketId, name, payload }),
  };
  let service = createCallService({ host, workers, ...(options.limits ? { limits: options.limits } : {}) });
  const looked = new Map<string, number>();

  const pageOf = (party: Party, personId: string, mayUse: boolean): Page => ({
    clientId: uuid(),
    caller: {
      party,
      personId,
      socketId: uuid(),
      mayUse: async (id) => mayUse && id === conversationId && (party === 'visitor' || participants.agent !== null),
    },
  });

  return {
    get service() {
      return service;
    },
    get shared() {
      return sharing.shared;
    },
    set shared(next) {
      sharing.shared = next;
    },
    screens: sharing.screens,
    get rungAgentId() {
      return ringing.rungAgentId;
    },
    set rungAgentId(next) {
      ringing.rungAgentId = next;
    },
    workers,
    store,
    conversationId,
    clock,
    participants,
    told,
    notices: store.lines,
    problems,
    page: (party) => pageOf(party, participants[party]?.personId ?? '', true),
    stranger: (party) => pageOf(party, uuid(), false),
    nextTold(name, fits = () => true) {
      const isIt = (event: ToldEvent) => event.name === name && fits(event);
      const index = told.findIndex((event, at) => at >= (looked.get(name) ?? 0) && isIt(event));
      const known = told[index];
      if (known) {
        looked.set(name, index + 1);
        return Promise.resolve(known);
      }
      return new Promise((resolve) => {
        const listen = (event: ToldEvent) => {
          if (!isIt(event)) return;
          events.off('told', listen);
          looked.set(name, told.indexOf(event) + 1);
          resolve(event);
        };
        events.on('told', listen);
      });
    },
    startWaiting: () => void Object.assign(participants, { phase: 'waiting', agent: null }),
    answer: () => void Object.assign(participants, { phase: 'active', agent: someAgent }),
    onTold: (listener) => void events.on('told', listener),
    async restartService() {
      await service.close();
      service = createCallService({ host, workers, ...(options.limits ? { limits: options.limits } : {}) });
      await service.recover();
    },
    async close() {
      await service.close();
      await workers.close();
    },
  };
}

/** Keeps what the operator would be alarmed by. */
export function createTestLog(problems: CallWorld['problems'] = []): CallLog {
  return {
    debug: () => {},
    info: () => {},
    warn: (_fields, message) => problems.push({ level: 'warn', message }),
    error: (_fields, message) => problems.push({ level: 'error', message }),
  };
}

/** The first of `count` neighbouring ports that nobody listens on. */
export async function findFreePorts(count: number): Promise<number> {
  for (;;) {
    const first = await listenOnce(0);
    const taken = await Promise.allSettled(
      Array.from({ length: count - 1 }, (_, index) => listenOnce(first + index + 1)),
    );
    if (taken.every(({ status }) => status === 'fulfilled')) return first;
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
