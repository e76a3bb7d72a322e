import { v7 as newId } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AgentConversationView, ConversationView, MessageView } from '../../protocol/conversations.ts';
import type { AgentId, ConversationId, DepartmentId, MessageId, SiteId, VisitorId } from '../../protocol/ids.ts';
import type { Announcer } from '../announcer.ts';
import { createDomainEventBus } from '../domain-events.ts';
import type { DomainEventBus } from '../domain-events.ts';
import { createLogger } from '../logger.ts';
import { broadcastConversations } from './conversation-broadcast.ts';

const conversationId = newId() as ConversationId;
const visitorId = newId() as VisitorId;
const agentId = newId() as AgentId;
const place = { conversationId, departmentId: newId() as DepartmentId, siteId: newId() as SiteId, visitorId };
const ended = { ...place, agentId, reason: 'agent-ended' as const };
const notice: MessageView = {
  messageId: newId() as MessageId,
  seq: 1,
  sentAt: 1,
  sender: { kind: 'system', name: '' },
  body: { kind: 'notice', notice: 'conversation-ended', data: {} },
  clientMessageId: null,
};
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('who hears what of a conversation, and in which order', () => {
  let steps: string[];
  let events: DomainEventBus;
  let beginCall: () => Promise<void>;
  let endCall: () => Promise<void>;
  beforeEach(() => {
    steps = [];
    beginCall = async () => {};
    endCall = async () => {};
    events = createDomainEventBus(createLogger({ level: 'silent' }));
    const announcer: Announcer = {
      toVisitorOf: (_conversationId, name, _payload, exceptSocketId) =>
        void steps.push(`visitor hears ${name}${exceptSocketId ? `, not on ${exceptSocketId}` : ''}`),
      toAgentsOf: (_conversationId, name) => void steps.push(`agents hear ${name}`),
      toAgent: (_agentId, name) => void steps.push(`agent hears ${name}`),
      toVisitorsOf: (_siteId, name) => void steps.push(`site hears ${name}`),
      toPage: (_party, _socketId, name) => void steps.push(`page hears ${name}`),
      admit: ({ party }) => void steps.push(`${party} is admitted`),
      dismissAll: () => void steps.push('all are dismissed'),
      endSession: () => {},
    };
    const readView = async () => {
      await nextTurn();
      return {};
    };
    broadcastConversations({
      events,
      announcer,
      views: {
        forVisitor: async () => (await readView()) as ConversationView,
        forAgent: async () => (await readView()) as AgentConversationView,
        factsOf: async () => {
          throw new Error('Nobody asks for facts here.');
        },
      },
      beginCall: () => beginCall(),
      endCall: () => endCall(),
      endShares: async () => {},
    });
  });

  test('[V10] a visitor is let in when the request is stored, before anything is told', async () => {
    events.publish('conversation:queued', place);
    await events.settled();
    expect(steps).toEqual([
      'visitor is admitted',
      'visitor hears conversation:changed',
      'agents hear conversation:changed',
    ]);
  });

  test.each([
    ['visitor', ['agents hear', 'visitor hears']],
    ['agent', ['visitor hears', 'agents hear']],
  ] as const)('[MS1] what a %s wrote is told to the other side first', async (kind, sides) => {
    const body = { kind: 'text' as const, text: 'Hello' };
    events.publish('message:added', { conversationId, message: { ...notice, sender: { kind, name: 'Ana' }, body } });
    await events.settled();
    expect(steps).toEqual(sides.map((side) => `${side} conversation:message-added`));
  });

  test('[MS1] the page of the visitor that wrote it has it from its answer', async () => {
    const body = { kind: 'text' as const, text: 'Hello' };
    const message: MessageView = { ...notice, sender: { kind: 'visitor', name: 'Ana' }, body };
    events.publish('message:added', { conversationId, message, answeredPage: 'a page' });
    await events.settled();
    expect(steps).toEqual([
      'agents hear conversation:message-added',
      'visitor hears conversation:message-added, not on a page',
    ]);
  });

  test('[A4] both are let in before the line "agent joined" is told', async () => {
    events.publish('conversation:accepted', { ...place, agentId, modality: 'text' });
    events.publish('message:added', { conversationId, message: notice });
    await events.settled();
    expect(steps.slice(0, 4)).toEqual([
      'visitor is admitted',
      'agent is admitted',
      'visitor hears conversation:message-added',
      'agents hear conversation:message-added',
    ]);
  });

  test('[CA23] a call that was asked for begins before anything is told of the conversation', async () => {
    beginCall = async () => {
      await nextTurn();
      steps.push('the call has begun');
    };
    events.publish('conversation:accepted', { ...place, agentId, modality: 'video' });
    await events.settled();
    expect(steps.slice(2)).toEqual([
      'the call has begun',
      'visitor hears conversation:changed',
      'agents hear conversation:changed',
    ]);
  });

  test('[CA23] a call that cannot begin keeps the acceptance from nobody', async () => {
    beginCall = async () => {
      throw new Error('no');
    };
    events.publish('conversation:accepted', { ...place, agentId, modality: 'video' });
    await events.settled();
    expect(steps.slice(2)).toEqual(['visitor hears conversation:changed', 'agents hear conversation:changed']);
  });

  test('[C6] last line, end of the call, end of the conversation, and only then nobody hears it any more', async () => {
    endCall = async () => {
      await nextTurn();
      steps.push('the call has ended');
    };
    events.publish('message:added', { conversationId, message: notice });
    events.publish('conversation:ended', ended);
    await events.settled();
    expect(steps).toEqual([
      'visitor hears conversation:message-added',
      'agents hear conversation:message-added',
      'the call has ended',
      'visitor hears conversation:changed',
      'agents hear conversation:changed',
      'all are dismissed',
    ]);
  });

  test('[C6] a call that cannot be ended keeps the end from nobody', async () => {
    endCall = async () => {
      throw new Error('no');
    };
    events.publish('conversation:ended', ended);
    await events.settled();
    expect(steps).toEqual([
      'visitor hears conversation:changed',
      'agents hear conversation:changed',
      'all are dismissed',
    ]);
  });
});
