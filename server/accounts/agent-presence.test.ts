import { describe, expect, test } from 'vitest';
import { canBeRung, canTakeRequests, toAgentConnection } from './agent-presence.ts';
import type { AgentPresence } from './agent-presence.ts';

const ready: AgentPresence = {
  status: 'online',
  isAvailable: true,
  connection: 'online',
  openConversations: 0,
  chatCap: 6,
  isDisabled: false,
};

describe('who can take a new request', () => {
  test('[PR1] an agent who is online, available, connected and below the cap can be asked', () => {
    expect(canTakeRequests(ready)).toBe(true);
  });

  test('[PR1] an agent who is away can still be asked', () => {
    expect(canTakeRequests({ ...ready, status: 'away' })).toBe(true);
  });

  test.each<[string, Partial<AgentPresence>]>([
    ['busy', { status: 'busy' }],
    ['offline', { status: 'offline' }],
    ['switched to unavailable', { isAvailable: false }],
    ['not connected', { connection: 'offline' }],
    ['at the chat cap', { openConversations: 6 }],
    ['disabled', { isDisabled: true }],
  ])('[PR1] an agent who is %s does not count', (_what, change) => {
    expect(canTakeRequests({ ...ready, ...change })).toBe(false);
  });

  test('[PR2] an agent who lost the connection a moment ago keeps the button shown but is not rung', () => {
    const inGrace: AgentPresence = { ...ready, connection: 'grace' };
    expect(canTakeRequests(inGrace)).toBe(true);
    expect(canBeRung(inGrace)).toBe(false);
    expect(canBeRung(ready)).toBe(true);
  });

  test('[PR3] a closed browser counts as signed off once the grace period is over', () => {
    expect(toAgentConnection(0, 1_000, 999)).toBe('grace');
    expect(toAgentConnection(0, 1_000, 1_000)).toBe('offline');
    expect(toAgentConnection(0, null, 5)).toBe('offline');
    expect(toAgentConnection(1, 1_000, 2_000)).toBe('online');
  });
});
