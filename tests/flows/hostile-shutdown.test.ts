import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../server/logger.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation, fetchLog, openAgain, openVisitor, textsOf } from '../_support/story.ts';

describe('a server that is told to stop in the middle of everything', () => {
  let server: TestServer;
  let faults: string[];
  beforeEach(async () => {
    faults = [];
    const log = createLogger({ level: 'error', destination: { write: (line) => faults.push(line) } });
    server = await startServer({ overrides: { log } });
  });
  afterEach(() => server.close());

  test('[C1] what it acked is stored, what it refuses it refuses with a code, and nothing breaks inside', async () => {
    const { visitor, conversationId } = await answeredConversation(server);
    const texts = Array.from({ length: 60 }, (_, index) => `message ${index}`);
    const outcomes = texts.map((text) =>
      visitor.requestRaw('conversation:send-message', { conversationId, clientMessageId: randomUUID(), text }).then(
        (answer) => (answer.ok ? 'ok' : answer.error.code),
        () => 'connection gone',
      ),
    );
    await outcomes[0];
    const stopped = server.stop();
    const codes = await Promise.all(outcomes);
    await stopped;
    for (const code of codes) expect(['ok', 'shutting-down', 'connection gone']).toContain(code);
    expect(faults).toEqual([]);

    await server.restart();
    const back = await openAgain(server, visitor);
    const stored = textsOf(await fetchLog(back, conversationId));
    for (const [index, code] of codes.entries()) {
      if (code === 'ok') expect(stored).toContain(texts[index]);
      if (code === 'shutting-down') expect(stored).not.toContain(texts[index]);
    }
    expect(new Set(stored).size).toBe(stored.length);
  });

  test('[O4] pages that come and go meanwhile leave nobody present and no fault in the log', async () => {
    // Who is refused half-way hears nothing more and tries again by itself; only the first one is waited for.
    const coming = Array.from({ length: 40 }, () => openVisitor(server).catch(() => undefined));
    expect(await Promise.any(coming)).toBeDefined();
    await server.stop();
    expect(faults).toEqual([]);
    await server.restart();
    expect(await server.read((db) => db.selectFrom('connections').selectAll().execute())).toEqual([]);
  });

  test('[O4] stopping twice at once is stopping once', async () => {
    await openVisitor(server);
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(faults).toEqual([]);
  });
});
