import type { AgentStatus, AgentView } from '../../protocol/accounts.ts';
import type { AgentId } from '../../protocol/ids.ts';
import type { Announcer } from '../announcer.ts';
import { countConnections } from '../db/connection-store.ts';
import type { Db } from '../db/open.ts';
import type { DomainEventBus } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import type { OpeningHours } from '../sites/opening-hours.ts';
import type { SiteService } from '../sites/site-service.ts';
import {
  endDueGraces,
  endGrace,
  findAgent,
  listDepartmentIdsOf,
  restartGraces,
  startGrace,
  updatePresence,
} from './account-store.ts';
import type { AgentRow, PresenceChange } from './account-store.ts';
import { canTakeRequests, toAgentConnection } from './agent-presence.ts';

export interface PresenceSources {
  db: Db;
  now: () => number;
  events: DomainEventBus;
  announcer: Announcer;
  sites: SiteService;
  hours: Pick<OpeningHours, 'findOpening'>;
  graceMs: number;
  /** Conversations an agent is in; asked of the part that knows. */
  countOpenConversations(db: Db, agentId: AgentId): Promise<number>;
}

/** A workspace page of an agent, and the session that it is signed in with. */
export interface WorkspacePage {
  agentId: AgentId;
  socketId: string;
  tokenHash: string;
}

export interface PresenceService {
  viewOf(agentId: AgentId): Promise<AgentView>;
  setStatus(page: WorkspacePage, status: AgentStatus): Promise<AgentView>;
  setAvailability(agentId: AgentId, isAvailable: boolean): Promise<AgentView>;
  /** Away by itself is who is idle on every open page (PR4). */
  setIdle(page: WorkspacePage, isIdle: boolean): Promise<AgentView>;
  setAutoAway(page: WorkspacePage, minutes: number | null): Promise<AgentView>;
  handleConnected(agentId: AgentId): Promise<void>;
  /** One connection fewer; starts the grace when it was the last and is still signed in. Returns when it ends. */
  handleDisconnected(page: WorkspacePage): Promise<number | null>;
  /** After the session has ended: who signs out has no grace, whichever of both came first (PR5). */
  handleSignedOut(agentId: AgentId): Promise<void>;
  /** Something that counts into {@link canTakeRequests} changed elsewhere: tell the agent. */
  announce(agentId: AgentId): Promise<void>;
  /** Whether what rings at the agent may go on ringing: on duty, the cap aside. */
  isOnDuty(agentId: AgentId): Promise<boolean>;
  /** After a restart nobody is connected yet: whoever was here has the grace to come back, and nobody else. */
  recover(wereConnected: readonly AgentId[]): Promise<void>;
  sweep(): Promise<void>;
}

export function createPresenceService(parts: PresenceSources): PresenceService {
  const { db, now, events, announcer } = parts;
  /** Pages of this node without input; the others have it, or have only just come. */
  const idlePages = new Map<AgentId, Set<string>>();

  function noteIdle({ agentId, socketId }: WorkspacePage, isIdle: boolean): void {
    const pages = idlePages.get(agentId) ?? new Set();
    if (isIdle) pages.add(socketId);
    else pages.delete(socketId);
    if (pages.size > 0) idlePages.set(agentId, pages);
    else idlePages.delete(agentId);
  }

  async function isIdleEverywhere(agentId: AgentId): Promise<boolean> {
    return (idlePages.get(agentId)?.size ?? 0) >= (await countConnections(db, agentId));
  }

  async function requireAgent(agentId: AgentId): Promise<AgentRow> {
    const agent = await findAgent(db, agentId);
    if (!agent) throw new AppError('not-signed-in', 'This account no longer exists.');
    return agent;
  }

  async function viewOf(agentId: AgentId): Promise<AgentView> {
    const agent = await requireAgent(agentId);
    const departmentIds = await listDepartmentIdsOf(db, agentId);
    const presence = {
      status: agent.status,
      isAvailable: agent.isAvailable === 1,
      connection: toAgentConnection(await countConnections(db, agentId), agent.graceUntil, now()),
      openConversations: await parts.countOpenConversations(db, agentId),
      chatCap: agent.chatCap,
      isDisabled: agent.disabledAt !== null,
    };
    return {
      agentId,
      name: agent.name,
      email: agent.email,
      role: agent.role,
      departments: departmentIds.map((departmentId) => {
        const { name, names, site } = parts.sites.requireDepartment(departmentId);
        const opening = parts.hours.findOpening(site, departmentId);
        const closed = opening && { ...opening, whenUnavailable: site.settings.whenUnavailable };
        return { departmentId, name, names, siteName: site.settings.name, closed: closed ?? null };
      }),
      status: agent.status,
      isAutoAway: agent.status === 'online' && agent.isIdle === 1 && agent.autoAwayMinutes !== null,
      isAvailable: presence.isAvailable,
      canTakeRequests: canTakeRequests(presence),
      autoAwayMinutes: agent.autoAwayMinutes,
      chatCap: agent.chatCap,
    };
  }

  async function announce(agentId: AgentId): Promise<AgentView> {
    const agent = await viewOf(agentId);
    announcer.toAgent(agentId, 'agent:changed', { agent });
    return agent;
  }

  async function change(agentId: AgentId, presence: PresenceChange): Promise<AgentView> {
    await updatePresence(db, agentId, presence);
    events.publish('agent:presence-changed', { agentId });
    return announce(agentId);
  }

  return {
    viewOf,
    setStatus(page, status) {
      noteIdle(page, false);
      return change(page.agentId, { status, isIdle: 0 });
    },
    setAvailability: (agentId, isAvailable) => change(agentId, { isAvailable: isAvailable ? 1 : 0 }),
    async setIdle(page, isIdle) {
      noteIdle(page, isIdle);
      return change(page.agentId, { isIdle: isIdle && (await isIdleEverywhere(page.agentId)) ? 1 : 0 });
    },
    setAutoAway(page, minutes) {
      noteIdle(page, false);
      return change(page.agentId, { autoAwayMinutes: minutes, isIdle: 0 });
    },
    async handleConnected(agentId) {
      await updatePresence(db, agentId, { graceUntil: null, isIdle: 0 });
      events.publish('agent:presence-changed', { agentId });
    },
    async handleDisconnected(page) {
      const { agentId } = page;
      noteIdle(page, false);
      if ((await countConnections(db, agentId)) > 0) {
        // The page at which they worked may have been this one.
        if (await isIdleEverywhere(agentId)) await change(agentId, { isIdle: 1 });
        return null;
      }
      const graceUntil = now() + parts.graceMs;
      const isStarted = await startGrace(db, agentId, page.tokenHash, { now: now(), graceUntil });
      events.publish('agent:presence-changed', { agentId });
      return isStarted ? graceUntil : null;
    },
    async handleSignedOut(agentId) {
      if (await endGrace(db, agentId)) events.publish('agent:presence-changed', { agentId });
    },
    announce: async (agentId) => {
      await announce(agentId);
    },
    async isOnDuty(agentId) {
      const agent = await requireAgent(agentId);
      return canTakeRequests({
        status: agent.status,
        isAvailable: agent.isAvailable === 1,
        connection: toAgentConnection(await countConnections(db, agentId), agent.graceUntil, now()),
        openConversations: 0,
        chatCap: 1,
        isDisabled: agent.disabledAt !== null,
      });
    },
    recover: (wereConnected) => restartGraces(db, wereConnected, now() + parts.graceMs),
    async sweep() {
      for (const agentId of await endDueGraces(db, now())) events.publish('agent:presence-changed', { agentId });
    },
  };
}
