import { beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';

describe('what a log may hold', () => {
  let lines: string[];
  let log: Logger;
  beforeEach(() => {
    lines = [];
    log = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } });
  });

  const secret = 'never-4711';
  test.each([
    ['the text of a message', { text: secret }],
    ['a message within its request', { input: { text: secret, conversationId: 'c1' } }],
    ['a token', { visitorToken: secret, token: secret }],
    ['a token within a greeting', { auth: { visitorToken: secret } }],
    ['a password', { body: { password: secret } }],
    ['a cookie', { headers: { cookie: `foyer_session=${secret}` } }],
    ['a cookie of a whole request', { req: { headers: { cookie: secret, authorization: secret } } }],
    ['an e-mail address', { email: secret, visitor: { email: secret } }],
    ['the keys of a connection', { dtlsParameters: { fingerprints: [secret] }, iceParameters: { password: secret } }],
    [
      'the description of a track',
      { input: { rtpParameters: { codecs: [secret] }, rtpCapabilities: { codecs: [secret] } } },
    ],
    ['a session description', { sdp: secret, offer: { sdp: secret } }],
  ])('[O4] %s is never in a line', (_what, fields) => {
    log.info(fields, 'something happened');
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).toContain('something happened');
  });

  test('[O4] one line is one JSON object with time, level, sentence and its fields', () => {
    log.info({ conversationId: 'c1', waitedMs: 12 }, 'conversation accepted');
    const [line] = lines;
    expect(line?.endsWith('\n')).toBe(true);
    const parsed: unknown = JSON.parse(line ?? '');
    expect(parsed).toMatchObject({ level: 'info', msg: 'conversation accepted', conversationId: 'c1', waitedMs: 12 });
    expect(parsed).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/));
  });

  test('[O4] what people write cannot begin a line of its own', () => {
    log.info({ conversationId: 'a"}\n{"level":"info","msg":"forged' }, 'said\n{"msg":"forged"}');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd().includes('\n')).toBe(false);
  });

  test('[O4] a quieter level keeps the rest out', () => {
    log.debug({}, 'detail');
    expect(lines).toEqual([]);
    log.error({ err: new Error('broken') }, 'request failed');
    expect(lines[0]).toContain('broken');
  });
});
