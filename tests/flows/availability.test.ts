import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { openReadyAgent, openVisitor } from '../_support/story.ts';

describe('whether "Click for Live Help" shows', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  test('[V2] it appears at an open page when an agent switches "Live Help" on, and disappears when it is off', async () => {
    const visitor = await openVisitor(server);
    expect(visitor.session.availability).toMatchObject({ isAvailable: false, agentCount: 0, agentNames: [] });
    const agent = await openReadyAgent(server, { name: 'Ada Lind' });
    expect(
      (await visitor.nextEvent('routing:availability-changed', (event) => event.availability.isAvailable)).availability,
    ).toMatchObject({ agentCount: 1, agentNames: ['Ada'] });
    await agent.request('agent:set-availability', { isAvailable: false });
    await visitor.nextEvent('routing:availability-changed', (event) => !event.availability.isAvailable);
  });
});
