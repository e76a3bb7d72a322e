import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../protocol/ids.ts';
import { chooseAgent } from './agent-ranking.ts';
import type { Candidate } from './agent-ranking.ts';

function candidate(name: string, change: Partial<Candidate> = {}): Candidate {
  return {
    agentId: name as AgentId,
    status: 'online',
    isAvailable: true,
    connection: 'online',
    openConversations: 0,
    chatCap: 6,
    isDisabled: false,
    lastServedAt: 1_000,
    hasPutAside: false,
    expiredOffers: 0,
    isRinging: false,
    ...change,
  };
}

describe('whom a request rings', () => {
  test('[QU4] the least busy agent is rung first', () => {
    expect(
      chooseAgent([candidate('a', { openConversations: 2 }), candidate('b', { openConversations: 1 })])?.agentId,
    ).toBe('b');
  });

  test('[QU4] of equally busy agents the longest idle is rung, and who never served is idle longest', () => {
    const a = candidate('a', { lastServedAt: 5_000 });
    const b = candidate('b', { lastServedAt: 4_000 });
    expect(chooseAgent([a, b])?.agentId).toBe('b');
    expect(chooseAgent([a, b, candidate('c', { lastServedAt: null })])?.agentId).toBe('c');
  });

  test('[QU4] an agent who let it ring in vain is asked again only after the others', () => {
    const a = candidate('a', { expiredOffers: 1 });
    expect(chooseAgent([a, candidate('b', { openConversations: 5 })])?.agentId).toBe('b');
    expect(chooseAgent([a])?.agentId).toBe('a');
  });

  test.each<[string, Partial<Candidate>]>([
    ['has put it aside', { hasPutAside: true }],
    ['hears another request ring', { isRinging: true }],
    ['is busy', { status: 'busy' }],
    ['is in the grace of a lost connection', { connection: 'grace' }],
    ['is at the cap', { openConversations: 6 }],
  ])('[QU4] an agent who %s is not rung', (_what, change) => {
    expect(chooseAgent([candidate('a', change)])).toBeUndefined();
  });
});
