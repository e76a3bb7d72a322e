import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { AgentRequests, InputOf, OutputOf, VisitorRequests } from '../../protocol/contract.ts';
import type { Ack } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

/** Connections of their own, over WebSocket at once: what is measured is the server, not the way to it. */
const SOCKET_OPTIONS = { transports: ['websocket'], forceNew: true, reconnection: false };

export async function connectBare(url: string, pair?: string): Promise<Socket> {
  return whenConnected(io(url, { ...SOCKET_OPTIONS, auth: pair ? { pair } : {} }));
}

export async function connectVisitor(url: string): Promise<Socket> {
  const auth = { protocolVersion: PROTOCOL_VERSION, siteKey: 'demo' };
  const socket = await whenConnected(io(`${url}/visitor`, { ...SOCKET_OPTIONS, auth }));
  await askVisitor(socket, 'visitor:start-session', {
    page: { url: `${url}/demo/`, title: 'Shop' },
    language: 'en',
    timeZone: 'Europe/Vienna',
  });
  return socket;
}

export async function connectAgent(url: string, email: string, password: string): Promise<Socket> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const socket = await whenConnected(
    io(`${url}/agent`, { ...SOCKET_OPTIONS, auth: { protocolVersion: PROTOCOL_VERSION }, extraHeaders: { cookie } }),
  );
  await askAgent(socket, 'agent:set-availability', { isAvailable: true });
  return socket;
}

export const askVisitor = <Name extends keyof VisitorRequests & string>(
  socket: Socket,
  name: Name,
  input: InputOf<VisitorRequests, Name>,
) => ask<OutputOf<VisitorRequests, Name>>(socket, name, input);
export const askAgent = <Name extends keyof AgentRequests & string>(
  socket: Socket,
  name: Name,
  input: InputOf<AgentRequests, Name>,
) => ask<OutputOf<AgentRequests, Name>>(socket, name, input);

async function ask<Output>(socket: Socket, name: string, input: unknown): Promise<Output> {
  const ack = (await socket.timeout(30_000).emitWithAck(name, input)) as Ack<Output>;
  if (!ack.ok) throw new Error(`${name}: ${ack.error.code} ${ack.error.message}`);
  return ack.data;
}

/** A visitor's conversation that the agent has taken. */
export async function talk(visitor: Socket, agent: Socket): Promise<string> {
  const { conversation } = await askVisitor(visitor, 'conversation:start-conversation', {
    clientRequestId: randomUUID(),
    modality: 'text',
    name: 'A visitor',
    agreedTextVersion: '1',
  });
  await askAgent(agent, 'routing:take-request', { conversationId: conversation.conversationId });
  return conversation.conversationId;
}

async function whenConnected(socket: Socket): Promise<Socket> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
