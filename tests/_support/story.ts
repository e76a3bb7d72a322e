import { randomUUID } from 'node:crypto';
import type { AgentView } from '../../protocol/accounts.ts';
import type { AgentRequests, InputOf, OutputOf, VisitorRequests } from '../../protocol/contract.ts';
import type { AgentConversationView, ConversationView, MessageView } from '../../protocol/conversations.ts';
import type { AgentId, ConversationId, DepartmentId, Modality, VisitorId } from '../../protocol/ids.ts';
import type { OfferView } from '../../protocol/routing.ts';
import { connectAgent, connectVisitor } from './page-connection.ts';
import type { AgentConnection, VisitorConnection, VisitorGreeting } from './page-connection.ts';
import type { TestAgent, NewTestAgent } from './test-agents.ts';

/** Where a story happens: {@link TestServer} and {@link SpawnedServer} both are one. */
export interface Stage {
  readonly url: string;
  addAgent(agent?: NewTestAgent): Promise<TestAgent>;
}

type StartSession = OutputOf<VisitorRequests, 'visitor:start-session'>;

/** A person on a page of a site: the page's connection, with what its first request answered. */
export interface VisitorPage extends VisitorConnection {
  readonly visitorId: VisitorId;
  /** Keeps who it is over reloads and tabs. */
  readonly token: string;
  readonly session: StartSession;
}

/** An agent with an open workspace. */
export interface AgentPage extends AgentConnection {
  readonly agentId: AgentId;
  readonly account: TestAgent;
  readonly session: OutputOf<AgentRequests, 'agent:start-session'>;
}

export interface OpenVisitor extends VisitorGreeting {
  page?: InputOf<VisitorRequests, 'visitor:start-session'>['page'];
  language?: string;
  /** The conversation that the page has been showing all the time. */
  shownConversationId?: ConversationId;
}

/** A visitor opens a page that carries the widget; with the token of an earlier one it is the same visitor. */
export async function openVisitor(stage: Pick<Stage, 'url'>, options: OpenVisitor = {}): Promise<VisitorPage> {
  const connection = await connectVisitor(stage, options);
  const session = await connection.request('visitor:start-session', {
    page: options.page ?? { url: 'https://shop.example.com/lamps', title: 'Lamps' },
    language: options.language ?? 'en-GB',
    ...(options.shownConversationId !== undefined && { shownConversationId: options.shownConversationId }),
  });
  const token = session.visitorToken ?? options.token;
  if (token === undefined) throw new Error('A visitor without a token came without a new one.');
  return { ...connection, visitorId: session.visitorId, token, session };
}

/** Another page of the same person: a reload when the first one is closed, a second tab when it is not. */
export function openAgain(
  stage: Pick<Stage, 'url'>,
  visitor: VisitorPage,
  options: OpenVisitor = {},
): Promise<VisitorPage> {
  return openVisitor(stage, { ...options, token: visitor.token });
}

/** Signs an account in and opens its workspace; "Live Help" stays as it is. */
export async function openWorkspace(
  stage: Pick<Stage, 'url'>,
  account: TestAgent,
  cookie?: string,
): Promise<AgentPage> {
  const connection = await connectAgent(stage, cookie === undefined ? account : { cookie });
  const session = await connection.request('agent:start-session', {});
  return { ...connection, agentId: account.agentId, account, session };
}

/** A new agent, signed in, online, with "Live Help" switched on. */
export async function openReadyAgent(stage: Stage, agent: NewTestAgent = {}): Promise<AgentPage> {
  const page = await openWorkspace(stage, await stage.addAgent(agent));
  await becomeReady(page);
  return page;
}

export async function becomeReady(agent: AgentPage): Promise<AgentView> {
  await agent.request('agent:set-status', { status: 'online' });
  return (await agent.request('agent:set-availability', { isAvailable: true })).agent;
}

export interface Ask {
  name?: string;
  email?: string;
  modality?: Modality;
  departmentId?: DepartmentId;
  clientRequestId?: string;
}

/** The visitor fills in the form and presses "Start". */
export async function askForHelp(visitor: VisitorPage, ask: Ask = {}): Promise<ConversationView> {
  const { conversation } = await visitor.request('conversation:start-conversation', {
    clientRequestId: ask.clientRequestId ?? randomUUID(),
    modality: ask.modality ?? 'text',
    name: ask.name ?? 'Grace Hofer',
    agreedTextVersion: visitor.session.site.disclaimer.version,
    ...(ask.email !== undefined && { email: ask.email }),
    ...(ask.departmentId !== undefined && { departmentId: ask.departmentId }),
  });
  return conversation;
}

export interface WaitingVisitor {
  visitor: VisitorPage;
  conversation: ConversationView;
  conversationId: ConversationId;
}

/** A visitor who has asked and waits; somebody must be able to take requests. */
export async function waitingVisitor(stage: Pick<Stage, 'url'>, ask: Ask & OpenVisitor = {}): Promise<WaitingVisitor> {
  const visitor = await openVisitor(stage, ask);
  const conversation = await askForHelp(visitor, ask);
  return { visitor, conversation, conversationId: conversation.conversationId };
}

/** Waits until this request rings at the agent. */
export async function nextOffer(agent: AgentPage, conversationId?: ConversationId): Promise<OfferView> {
  const { offer } = await agent.nextEvent(
    'routing:offer-made',
    (event) => conversationId === undefined || event.offer.request.conversationId === conversationId,
  );
  return offer;
}

/** Whoever of these agents is rung next, and with what. */
export async function nextRung(
  agents: readonly AgentPage[],
  isWanted: (offer: OfferView) => boolean = () => true,
): Promise<{ agent: AgentPage; offer: OfferView }> {
  const waiting = new AbortController();
  const rings = agents.map(async (agent) => {
    const { offer } = await agent.nextEvent('routing:offer-made', (event) => isWanted(event.offer), waiting.signal);
    return { agent, offer };
  });
  try {
    return await Promise.race(rings);
  } finally {
    waiting.abort();
    await Promise.allSettled(rings);
  }
}

/** The agent presses "Accept" as soon as the request rings. */
export async function acceptNext(agent: AgentPage, conversationId?: ConversationId): Promise<AgentConversationView> {
  const { offerId } = await nextOffer(agent, conversationId);
  return (await agent.request('routing:accept-offer', { offerId })).conversation;
}

export interface AnsweredConversation extends WaitingVisitor {
  agent: AgentPage;
}

/** A visitor and an agent in a conversation, both told that it has begun. */
export async function answeredConversation(
  stage: Stage,
  options: { agent?: AgentPage; ask?: Ask & OpenVisitor } = {},
): Promise<AnsweredConversation> {
  const agent = options.agent ?? (await openReadyAgent(stage));
  const waiting = await waitingVisitor(stage, options.ask);
  await acceptNext(agent, waiting.conversationId);
  const { conversation } = await waiting.visitor.nextEvent(
    'conversation:changed',
    (event) => event.conversation.phase === 'active',
  );
  return { ...waiting, conversation, agent };
}

/** Sends one message and gives it as stored. */
export async function write(
  page: VisitorPage | AgentPage,
  conversationId: ConversationId,
  text: string,
  clientMessageId: string = randomUUID(),
): Promise<MessageView> {
  const input = { conversationId, clientMessageId, text };
  const { message } = await ('visitorId' in page
    ? page.request('conversation:send-message', input)
    : page.request('conversation:send-message', input));
  return message;
}

/** Waits until this message of the conversation has reached the page by itself. */
export async function nextMessage(
  page: VisitorPage | AgentPage,
  conversationId: ConversationId,
  seq: number,
): Promise<MessageView> {
  const isWanted = (event: { conversationId: ConversationId; message: MessageView }): boolean =>
    event.conversationId === conversationId && event.message.seq === seq;
  const { message } = await ('visitorId' in page
    ? page.nextEvent('conversation:message-added', isWanted)
    : page.nextEvent('conversation:message-added', isWanted));
  return message;
}

/** The whole log of a conversation as this page would fetch it. */
export async function fetchLog(page: VisitorPage | AgentPage, conversationId: ConversationId): Promise<MessageView[]> {
  const log: MessageView[] = [];
  for (;;) {
    const input = { conversationId, afterSeq: log.length };
    const fetched = await ('visitorId' in page
      ? page.request('conversation:fetch-messages', input)
      : page.request('conversation:fetch-messages', input));
    log.push(...fetched.messages);
    if (log.length >= fetched.lastSeq || fetched.messages.length === 0) return log;
  }
}

export function textsOf(log: readonly MessageView[]): string[] {
  return log.flatMap(({ body }) => (body.kind === 'text' ? [body.text] : []));
}

export function noticesOf(log: readonly MessageView[]): string[] {
  return log.flatMap(({ body }) => (body.kind === 'notice' ? [body.notice] : []));
}
