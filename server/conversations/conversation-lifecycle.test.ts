import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../protocol/ids.ts';
import { nextConversationState } from './conversation-lifecycle.ts';
import type { ConversationEvent, ConversationState } from './conversation-lifecycle.ts';

const ada = 'ada' as AgentId;
const ben = 'ben' as AgentId;
const waiting: ConversationState = { phase: 'waiting', queuedAt: 1 };
const active: ConversationState = { phase: 'active', queuedAt: 1, agentId: ada, acceptedAt: 2 };
const held: ConversationState = { ...active, phase: 'held', heldAt: 3 };
const ended: ConversationState = { ...active, phase: 'ended', endedAt: 4, reason: 'agent-ended' };
const after = (state: ConversationState, ...events: ConversationEvent[]) =>
  events.reduce((current, event) => nextConversationState(current, event, 10), state);

describe('the life of a conversation', () => {
  test('[CV1] a waiting conversation becomes active with the agent who accepts it', () => {
    expect(after(waiting, { type: 'accept', agentId: ada })).toEqual({ ...active, acceptedAt: 10 });
  });

  test('[CV2] the agent who has accepted may accept again, another is told that somebody was faster', () => {
    expect(after(active, { type: 'accept', agentId: ada })).toBe(active);
    expect(() => after(active, { type: 'accept', agentId: ben })).toThrow(
      expect.objectContaining({ code: 'request-taken' }),
    );
    expect(() => after(held, { type: 'accept', agentId: ben })).toThrow(
      expect.objectContaining({ code: 'request-taken' }),
    );
  });

  test('[CV3] nobody accepts a conversation that has ended', () => {
    expect(() => after(ended, { type: 'accept', agentId: ada })).toThrow(
      expect.objectContaining({ code: 'conversation-ended' }),
    );
  });

  test('[CV4] an active conversation is held and resumed with the same agent, as often as asked', () => {
    expect(after(active, { type: 'hold' })).toEqual({ ...active, phase: 'held', heldAt: 10 });
    expect(after(held, { type: 'hold' })).toBe(held);
    expect(after(held, { type: 'resume' })).toEqual(active);
    expect(after(active, { type: 'resume' })).toBe(active);
  });

  test.each([waiting, ended])('[CV4] a conversation that is $phase is neither held nor resumed', (state) => {
    expect(() => after(state, { type: 'hold' })).toThrow(expect.objectContaining({ code: 'invalid-transition' }));
    expect(() => after(state, { type: 'resume' })).toThrow(expect.objectContaining({ code: 'invalid-transition' }));
  });

  test('[CV5] both sides end an active conversation, and the first reason stands', () => {
    const byAgent = after(active, { type: 'end', reason: 'agent-ended' });
    expect(byAgent).toEqual({
      phase: 'ended',
      queuedAt: 1,
      agentId: ada,
      acceptedAt: 2,
      endedAt: 10,
      reason: 'agent-ended',
    });
    expect(after(byAgent, { type: 'end', reason: 'visitor-ended' })).toBe(byAgent);
  });

  test('[CV6] a request that nobody took ends as abandoned or orphaned and names no agent', () => {
    expect(after(waiting, { type: 'end', reason: 'abandoned' })).toEqual({
      phase: 'ended',
      queuedAt: 1,
      agentId: null,
      acceptedAt: null,
      endedAt: 10,
      reason: 'abandoned',
    });
    expect(() => after(waiting, { type: 'end', reason: 'agent-ended' })).toThrow(
      expect.objectContaining({ code: 'invalid-transition' }),
    );
    expect(() => after(active, { type: 'end', reason: 'abandoned' })).toThrow(
      expect.objectContaining({ code: 'invalid-transition' }),
    );
  });
});
