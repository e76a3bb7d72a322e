import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { openSocket } from '../_support/page-connection.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation, fetchLog, textsOf, write } from '../_support/story.ts';
import type { AnsweredConversation } from '../_support/story.ts';
import { expectServing, refusalOf } from './hostile-world.ts';

let server: TestServer;
let bystanders: AnsweredConversation;
const open: Socket[] = [];
beforeAll(async () => {
  server = await startServer();
  bystanders = await answeredConversation(server);
});
/** Whatever was sent, others go on as if nothing had been. */
afterEach(async () => {
  for (const socket of open.splice(0)) socket.disconnect();
  const { visitor, agent, conversationId } = bystanders;
  const text = `still here ${randomUUID()}`;
  await write(visitor, conversationId, text);
  await agent.nextEvent(
    'conversation:message-added',
    ({ message }) => message.body.kind === 'text' && message.body.text === text,
  );
  await expectServing(server);
});
afterAll(() => server.close());

async function attacker(): Promise<Socket> {
  const socket = await openSocket(`${server.url}/visitor`, { protocolVersion: PROTOCOL_VERSION, siteKey: 'demo' });
  open.push(socket);
  await socket.timeout(8_000).emitWithAck('visitor:start-session', {
    page: { url: 'https://shop.example/', title: 'Shop' },
    language: 'en',
  });
  return socket;
}

/** Sends one engine packet as it is. `4` is a message, then socket.io's own type. */
function sendPacket(socket: Socket, packet: string | Buffer): void {
  socket.io.engine.write(packet as string);
}

const gone = (socket: Socket): Promise<string> => new Promise((resolve) => socket.once('disconnect', resolve));

describe('packets that no page sends', () => {
  test.each([
    ['an event that is no list', '2/visitor,{"name":"x"}'],
    ['an event without a name', '2/visitor,[]'],
    ['an event named by an object', '2/visitor,[{"a":1},{}]'],
    ['an event named by a list', '2/visitor,[["conversation:send-message"],{}]'],
    ['an event under a name that sockets keep for themselves', '2/visitor,["disconnect","x"]'],
    ['broken JSON', '2/visitor,["visitor:report-page",{'],
    ['an unknown type', '9/visitor,[]'],
    ['an answer that nobody asked for', '3/visitor,99["x"]'],
    ['a binary event without its parts', '51000000-/visitor,["x",{"_placeholder":true,"num":0}]'],
    ['a binary event that counts below zero', '5-1-/visitor,["x"]'],
    ['a part that was not announced', '51-/visitor,["x",{"_placeholder":true,"num":7}]'],
    ['an acknowledgement number beyond all numbers', `2/visitor,${'9'.repeat(400)}["visitor:report-page",{}]`],
    ['a deep nest in a binary event', `51-/visitor,["x",${'['.repeat(40_000)}${']'.repeat(40_000)}]`],
    ['a connection to the door once more', `0/visitor,{"protocolVersion":${PROTOCOL_VERSION},"siteKey":"demo"}`],
    ['a greeting that is no object', '0/agent,7'],
    ['an error made up by the page', '4/visitor,{"message":"x"}'],
  ])('[O5] %s disturbs nobody', async (_what, packet) => {
    const socket = await attacker();
    sendPacket(socket, packet);
    const outcome = await Promise.race([
      gone(socket),
      socket
        .timeout(8_000)
        .emitWithAck('test:barrier', {})
        .then(
          () => 'answered',
          () => 'silent',
        ),
    ]);
    expect(outcome).not.toBe('silent');
  });

  test('[O5] an event named by a number is unknown like any other', async () => {
    const socket = await attacker();
    const answer = new Promise((resolve) => socket.io.engine.on('data', resolve));
    sendPacket(socket, '2/visitor,77[42,{}]');
    expect(await answer).toContain('unknown-name');
  });

  test('[O5] a packet of a megabyte ends the connection that sent it', async () => {
    const socket = await attacker();
    const ended = gone(socket);
    socket.emit('conversation:send-message', { text: 'x'.repeat(1_000_000) });
    expect(await ended).toMatch(/transport (close|error)/);
  });

  test('[O5] a packet just below the limit is read and refused with a code', async () => {
    const socket = await attacker();
    const answer: unknown = await socket.timeout(8_000).emitWithAck('conversation:send-message', {
      conversationId: randomUUID(),
      clientMessageId: randomUUID(),
      text: 'x'.repeat(120_000),
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(JSON.stringify(answer).length).toBeLessThan(1_000);
  });

  test('[O5] bytes in the place of text are refused with a code', async () => {
    const { visitor, conversationId } = bystanders;
    const input = { conversationId, clientMessageId: randomUUID(), text: Buffer.from('hello') };
    expect(await refusalOf(visitor, 'conversation:send-message', input)).toBe('bad-input');
    expect(await refusalOf(visitor, 'conversation:send-message', Buffer.alloc(50_000))).toBe('bad-input');
  });

  test('[O5] a nest of twenty thousand levels is refused with a code', async () => {
    const socket = await attacker();
    const answer = new Promise((resolve) => socket.io.engine.on('data', resolve));
    sendPacket(socket, `2/visitor,5["conversation:send-message",${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}]`);
    expect(await answer).toContain('bad-input');
  });

  test('[O5] further arguments and a missing wish for an answer change nothing', async () => {
    const { visitor, conversationId } = bystanders;
    const input = { conversationId, clientMessageId: randomUUID(), text: 'with more behind it' };
    expect(await refusalOf(visitor, 'conversation:send-message', input, { conversationId: randomUUID() }, 'x')).toBe(
      'ok',
    );
    const socket = await attacker();
    socket.emit('conversation:send-message', 'x');
    socket.emit('visitor:report-page');
    socket.emit('nothing:at-all', 1, 2, 3);
    expect(await socket.timeout(8_000).emitWithAck('test:barrier', {})).toMatchObject({ ok: false });
  });

  test('[O5] a thousand unknown names on one connection are all answered, and others are served meanwhile', async () => {
    const socket = await attacker();
    const answers = Promise.all(
      Array.from({ length: 1_000 }, (_, index) => socket.timeout(8_000).emitWithAck(`made:up-${index}`, {})),
    );
    const { visitor, conversationId } = bystanders;
    await write(visitor, conversationId, 'in between');
    expect(await answers).toHaveLength(1_000);
  });

  test('[O5] long polling is held to the same limits', async () => {
    const socket = io(`${server.url}/visitor`, {
      transports: ['polling'],
      auth: { protocolVersion: PROTOCOL_VERSION, siteKey: 'demo' },
      reconnection: false,
      forceNew: true,
    });
    open.push(socket);
    await new Promise((resolve) => socket.once('connect', () => resolve(undefined)));
    const ended = gone(socket);
    socket.emit('conversation:send-message', { text: 'x'.repeat(1_000_000) });
    expect(await ended).toMatch(/transport (close|error)/);
  });

  test.each([
    ['no version of the transport', '/socket.io/?EIO=99&transport=polling'],
    ['no such transport', '/socket.io/?EIO=4&transport=pigeon'],
    ['a session that is not there', '/socket.io/?EIO=4&transport=polling&sid=made-up'],
    ['a path beside it', '/socket.io/../../etc/passwd'],
  ])('[O5] a socket request with %s is refused', async (_what, path) => {
    expect((await fetch(`${server.url}${path}`)).status).toBeGreaterThanOrEqual(400);
  });

  test('[C1] after all of it the conversation of the others is whole', async () => {
    const { visitor, conversationId } = bystanders;
    const log = await fetchLog(visitor, conversationId);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    expect(textsOf(log)).toContain('in between');
  });
});
