import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { InputOf, VisitorRequests } from '../../protocol/contract.ts';
import type { AgentConversationView, ConversationView } from '../../protocol/conversations.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { connectAgent, connectVisitor } from '../_support/page-connection.ts';
import type { AgentConnection, VisitorConnection, VisitorGreeting } from '../_support/page-connection.ts';
import type { TestServer } from '../_support/start-server.ts';
import type { NewTestAgent, TestAgent } from '../_support/test-agents.ts';

type StartInput = InputOf<VisitorRequests, 'conversation:start-conversation'>;

export interface OpenVisitor {
  page: VisitorConnection;
  token: string;
  visitorId: string;
}

/** A widget that has said hello. */
export async function openVisitor(server: TestServer, greeting: VisitorGreeting = {}): Promise<OpenVisitor> {
  const page = await connectVisitor(server, greeting);
  const session = await page.request('visitor:start-session', {
    page: { url: 'https://shop.example/', title: 'Shop' },
    language: 'en',
  });
  return { page, token: session.visitorToken ?? greeting.token ?? '', visitorId: session.visitorId };
}

/** What a well-behaved widget sends to begin; each test spoils one part of it. */
export function startInput(changes: Partial<StartInput> = {}): StartInput {
  return { clientRequestId: randomUUID(), modality: 'text', name: 'Grace Hofer', agreedTextVersion: '1', ...changes };
}

/** An agent at the desk who takes requests. */
export async function openAgent(
  server: TestServer,
  wanted: NewTestAgent = {},
): Promise<{ page: AgentConnection; agent: TestAgent }> {
  const agent = await server.addAgent(wanted);
  const page = await connectAgent(server, agent);
  await page.request('agent:start-session', {});
  await page.request('agent:set-availability', { isAvailable: true });
  return { page, agent };
}

/** A conversation that this visitor and this agent are in. */
export async function talk(
  visitor: VisitorConnection,
  agent: AgentConnection,
  changes: Partial<StartInput> = {},
): Promise<{ asked: ConversationView; taken: AgentConversationView }> {
  const { conversation: asked } = await visitor.request('conversation:start-conversation', startInput(changes));
  const { conversation: taken } = await agent.request('routing:take-request', {
    conversationId: asked.conversationId,
  });
  return { asked, taken };
}

interface AnyPage {
  requestRaw: VisitorConnection['requestRaw'];
}

/** Asks for something that must be refused, and gives the code. */
export async function refusalOf(page: AnyPage, name: string, ...parameters: unknown[]): Promise<ErrorCode | 'ok'> {
  const answer = await page.requestRaw(name, ...parameters);
  return answer.ok ? 'ok' : answer.error.code;
}

/** After an attack: the process serves HTTP, and a newcomer gets a session. */
export async function expectServing(server: TestServer): Promise<void> {
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const { page } = await openVisitor(server);
  page.close();
}
