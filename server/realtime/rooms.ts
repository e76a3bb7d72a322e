import type { Server } from 'socket.io';
import type { AgentId, ConversationId, SiteId, VisitorId } from '../../protocol/ids.ts';
import type { Announcer } from '../announcer.ts';
import type { Logger } from '../logger.ts';

/** The names of all rooms, in one place. Each exists in both namespaces and is used where it makes sense. */
export const roomOf = {
  conversation: (conversationId: ConversationId) => `conversation:${conversationId}`,
  visitor: (visitorId: VisitorId) => `visitor:${visitorId}`,
  agent: (agentId: AgentId) => `agent:${agentId}`,
  site: (siteId: SiteId) => `site:${siteId}`,
  session: (tokenHash: string) => `session:${tokenHash}`,
};

/** Speaks to rooms of socket.io, which its adapter carries to other nodes. */
export function createAnnouncer(io: Server, log: Logger): Announcer {
  const visitors = io.of('/visitor');
  const agents = io.of('/agent');
  const note = (name: string, to: string) => log.debug({ name, to }, '--> event');

  return {
    toVisitorOf(conversationId, name, payload, exceptSocketId) {
      note(name, 'visitor');
      const all = visitors.to(roomOf.conversation(conversationId));
      const room = exceptSocketId === undefined ? all : all.except(exceptSocketId);
      (isLossy(name) ? room.volatile : room).emit(name, payload);
    },
    toAgentsOf(conversationId, name, payload) {
      note(name, 'agents');
      const room = agents.to(roomOf.conversation(conversationId));
      (isLossy(name) ? room.volatile : room).emit(name, payload);
    },
    toAgent(agentId, name, payload) {
      note(name, 'agent');
      agents.to(roomOf.agent(agentId)).emit(name, payload);
    },
    toVisitorsOf(siteId, name, payload) {
      note(name, 'site');
      visitors.to(roomOf.site(siteId)).emit(name, payload);
    },
    toPage(party, socketId, name, payload, delivery) {
      note(name, 'page');
      const page = (party === 'visitor' ? visitors : agents).to(socketId);
      (delivery === 'volatile' ? page.volatile : page).emit(name, payload);
    },
    admit(person, conversationId) {
      const room = roomOf.conversation(conversationId);
      if (person.party === 'visitor') visitors.in(roomOf.visitor(person.id)).socketsJoin(room);
      else agents.in(roomOf.agent(person.id)).socketsJoin(room);
    },
    dismissAll(conversationId) {
      const room = roomOf.conversation(conversationId);
      visitors.in(room).socketsLeave(room);
      agents.in(room).socketsLeave(room);
    },
    endSession(tokenHash, reason) {
      const pages = agents.in(roomOf.session(tokenHash));
      pages.emit('agent:signed-out', { reason });
      pages.disconnectSockets(true);
    },
  };
}

/** What may be lost on a slow line because the next one replaces it. */
function isLossy(name: string): boolean {
  return name === 'conversation:typing-changed' || name === 'share:marks-made';
}
