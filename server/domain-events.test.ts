import { v7 as newId } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AgentId, SiteId } from '../protocol/ids.ts';
import { createDomainEventBus } from './domain-events.ts';
import type { DomainEventBus } from './domain-events.ts';
import { createLogger } from './logger.ts';

const agentId = newId() as AgentId;

describe('what the parts hear of each other', () => {
  let events: DomainEventBus;
  let logged: string[];
  beforeEach(() => {
    logged = [];
    events = createDomainEventBus(
      createLogger({ level: 'error', destination: { write: (line) => logged.push(line) } }),
    );
  });

  test('[C1] listeners begin at once and in the order in which they came', () => {
    const heard: string[] = [];
    events.on('agent:presence-changed', () => void heard.push('first'));
    events.on('agent:presence-changed', async () => void heard.push('second'));
    events.publish('agent:presence-changed', { agentId });
    heard.push('publisher goes on');
    expect(heard).toEqual(['first', 'second', 'publisher goes on']);
  });

  test('[O5] a listener that fails is logged and hinders neither the others nor the publisher', async () => {
    const heard: string[] = [];
    events.on('agent:presence-changed', () => {
      throw new Error('at once');
    });
    events.on('agent:presence-changed', async () => {
      await Promise.resolve();
      throw new Error('later');
    });
    events.on('agent:presence-changed', () => void heard.push('last'));
    events.publish('agent:presence-changed', { agentId });
    await events.settled();
    expect(heard).toEqual(['last']);
    expect(logged.map((line) => /at once|later/.exec(line)?.[0])).toEqual(['at once', 'later']);
  });

  test('[O4] closing waits for what is heard, and for what that brings about', async () => {
    const heard: string[] = [];
    events.on('agent:presence-changed', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      heard.push('presence');
      events.publish('left-message:changed', { siteId: newId() as SiteId });
    });
    events.on('left-message:changed', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      heard.push('left message');
    });
    events.publish('agent:presence-changed', { agentId });
    await events.settled();
    expect(heard).toEqual(['presence', 'left message']);
  });

  test('[C1] what a listener happens to return is nobody’s business', async () => {
    const heard: string[] = [];
    const returning = ((): unknown => ({ count: heard.push('first') })) as () => void;
    events.on('agent:presence-changed', returning);
    events.on('agent:presence-changed', () => void heard.push('second'));
    events.publish('agent:presence-changed', { agentId });
    await events.settled();
    expect([heard, logged]).toEqual([['first', 'second'], []]);
  });

  test('[C1] what nobody listens to is nothing', async () => {
    events.publish('agent:presence-changed', { agentId });
    await events.settled();
    expect(logged).toEqual([]);
  });
});
