import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentRequests, visitorRequests } from '../../protocol/contract.ts';
import type { RequestSchema } from '../../protocol/contract.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { openReadyAgent, openVisitor } from '../_support/story.ts';
import type { AgentPage, VisitorPage } from '../_support/story.ts';
import { garbageFor, sampleOf } from './hostile-samples.ts';
import { expectServing, refusalOf } from './hostile-world.ts';

let server: TestServer;
let agent: AgentPage;
let visitor: VisitorPage;
beforeAll(async () => {
  server = await startServer({ rateLimitFactor: 10_000 });
  agent = await openReadyAgent(server);
  visitor = await openVisitor(server);
});
afterAll(() => server.close());

const sides: [string, Record<string, RequestSchema>, () => AgentPage | VisitorPage][] = [
  ['visitor', visitorRequests, () => visitor],
  ['agent', agentRequests, () => agent],
];

describe.each(sides)('what a %s should not send', (_party, requests, page) => {
  test.each(Object.keys(requests))('[O5] %s answers every garbage with "bad-input" and goes on', async (name) => {
    const schema = requests[name]?.input;
    if (!schema) throw new Error(`${name} has no schema.`);
    const garbage = garbageFor(schema);
    expect(garbage.length).toBeGreaterThanOrEqual(8);
    const codes = await Promise.all(garbage.map((input) => refusalOf(page(), name, input)));
    expect(new Set(codes)).toEqual(new Set(['bad-input']));
    expect(page().isConnected()).toBe(true);
  });

  test.each(Object.keys(requests))(
    '[O5] %s about what does not exist is answered, and never by "internal"',
    async (name) => {
      const schema = requests[name]?.input;
      if (!schema) throw new Error(`${name} has no schema.`);
      const code = await refusalOf(page(), name, sampleOf(schema));
      expect(code).not.toBe('internal');
      expect(code).not.toBe('bad-input');
    },
  );
});

describe('after all the garbage', () => {
  test('[O5] the server goes on serving', async () => {
    await expectServing(server);
    expect(agent.isConnected()).toBe(true);
    expect(visitor.isConnected()).toBe(true);
  });
});
