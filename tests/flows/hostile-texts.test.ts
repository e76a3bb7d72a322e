import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  answeredConversation,
  fetchLog,
  openAgain,
  openVisitor,
  textsOf,
  waitingVisitor,
  write,
} from '../_support/story.ts';
import type { AnsweredConversation } from '../_support/story.ts';
import { expectServing, refusalOf } from './hostile-world.ts';

let server: TestServer;
let talk: AnsweredConversation;
beforeAll(async () => {
  server = await startServer();
  talk = await answeredConversation(server);
});
afterAll(() => server.close());

const textOf = (message: { body: { kind: string; text?: unknown } }): unknown => message.body.text;

/** Writes, and gives the text as the sender is acked, the other side hears it and a reload reads it. */
async function roundTrip(text: string): Promise<unknown[]> {
  const { visitor, agent, conversationId } = talk;
  const acked = await write(visitor, conversationId, text);
  const heard = await agent.nextEvent('conversation:message-added', ({ message }) => message.seq === acked.seq);
  const log = await fetchLog(agent, conversationId);
  return [textOf(acked), textOf(heard.message), textsOf(log).at(-1)];
}

describe('texts that are up to something', () => {
  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['a picture that runs', '<img src=x onerror="alert(1)">'],
    ['a link that runs', '[here](javascript:alert(1)) javascript:alert(1) data:text/html,<script>x</script>'],
    ['broken markup', '</textarea></script><!--<svg/onload=alert(1)>'],
    ['a template', '{{constructor.constructor("alert(1)")()}} ${7*7} <%= 7*7 %>'],
    ['SQL', "'); DROP TABLE messages; -- \" OR ''='"],
    ['JSON', '{"ok":true,"__proto__":{"isAdmin":true}}\n["x"]'],
    ['a line of a log', 'hello\n{"level":"info","msg":"forged"}\r\n'],
    ['an escape for terminals', '\u001b[2J\u001b[31mred\u0007'],
    ['other directions', '\u202eevil\u202c \u2066x\u2069 \u200f\u200e'],
    ['letters upon letters', `z${'\u0301'.repeat(500)}a\u0308`],
    ['joined emoji', '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪'],
    ['what is invisible', 'a\u200bb\u00adc\ufeffd\u2028e\u2029f'],
    ['spaces around', '  \n\t both sides \t\n '],
    ['a name of the prototype', '__proto__'],
    ['characters beyond the first plane', '𝕬𝖓𝖆 𠮷野家 \u{10ffff}'],
    ['four thousand letters', 'ä'.repeat(4_000)],
    ['four thousand emoji', '😀'.repeat(4_000)],
  ])('[C1] %s arrives as it was written, for both sides and after a reload', async (_what, text) => {
    expect(await roundTrip(text)).toEqual([text, text, text]);
  });

  test.each([
    ['half a character', 'a\ud83db', 'a\ufffdb'],
    ['the other half', 'a\ude00b', 'a\ufffdb'],
    ['halves in the wrong order', '\ude00\ud83d', '\ufffd\ufffd'],
    ['NUL', 'a\u0000b', 'ab'],
  ])('[C1] %s becomes something that every database keeps, and both sides read the same', async (_what, text, kept) => {
    expect(await roundTrip(text)).toEqual([kept, kept, kept]);
  });

  test.each([
    ['nothing', ''],
    ['spaces', '  \n\t  '],
    ['NUL alone', '\u0000\u0000'],
    ['one letter too many', 'a'.repeat(4_001)],
    ['one emoji too many', '😀'.repeat(4_001)],
  ])('[C1] %s is refused with a code and stored nowhere', async (_what, text) => {
    const { visitor, conversationId } = talk;
    const before = (await fetchLog(visitor, conversationId)).length;
    const input = { conversationId, clientMessageId: randomUUID(), text };
    expect(await refusalOf(visitor, 'conversation:send-message', input)).toBe('bad-input');
    expect(await fetchLog(visitor, conversationId)).toHaveLength(before);
  });

  test('[C1] what the agent writes is kept by the same rules', async () => {
    const { visitor, agent, conversationId } = talk;
    const sent = await write(agent, conversationId, '<b>bold</b>\u0000\ud83d');
    const heard = await visitor.nextEvent('conversation:message-added', ({ message }) => message.seq === sent.seq);
    expect([textOf(sent), textOf(heard.message)]).toEqual(['<b>bold</b>\ufffd', '<b>bold</b>\ufffd']);
  });
});

describe('what a page says of itself', () => {
  test('[A4] addresses and titles that are up to something reach the agent as they were sent, and harm nothing', async () => {
    const page = {
      url: 'javascript:alert(1)//\u0000\ud83d',
      title: '"><script>alert(1)</script>',
      referrer: "' OR 1=1",
    };
    const { visitor, conversationId } = await waitingVisitor(server, {
      page,
      language: 'xx-\u0000<b>',
      userAgent: '<script>alert(1)</script>',
    });
    const { conversation } = await talk.agent.request('routing:take-request', { conversationId });
    expect(conversation.visitor).toMatchObject({
      page: { url: 'javascript:alert(1)//\ufffd', title: page.title },
      referrer: page.referrer,
      language: 'xx-<b>',
    });
    expect(conversation.visitor.browser ?? '').not.toContain('<');
    await talk.agent.request('conversation:end-conversation', { conversationId });
    visitor.close();
  });

  test.each([
    ['an address of three thousand letters', { url: `https://a.example/${'x'.repeat(3_000)}`, title: '' }],
    ['a title of a thousand letters', { url: 'https://a.example/', title: 'x'.repeat(1_000) }],
  ])('[O5] %s is refused with a code', async (_what, page) => {
    const visitor = await openVisitor(server);
    expect(await refusalOf(visitor, 'visitor:report-page', { page })).toBe('bad-input');
    visitor.close();
  });

  test('[V5] a name in any script is kept, and characters that hide something are taken out of it', async () => {
    const { visitor } = await waitingVisitor(server, { name: ' Zoë\u202e \u0000Łukasz\ud83d\n李 ' });
    const again = await openAgain(server, visitor);
    expect(again.session.profile?.name).toBe('Zoë Łukasz\ufffd 李');
    for (const page of [visitor, again]) page.close();
    await expectServing(server);
  });
});
