import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPacker, keyFrame, textAdded } from '../../cobrowse/relay/relay-fixture.ts';
import { spawnServer } from '../_support/spawn-server.ts';
import type { SpawnedServer } from '../_support/spawn-server.ts';
import { readStored } from '../_support/stored-recording.ts';
import { answeredConversation, openAgain, openReadyAgent, openWorkspace } from '../_support/story.ts';
import type { VisitorPage } from '../_support/story.ts';
import { readRecording } from './recording-world.ts';
import { allowShare } from './sharing-world.ts';

let server: SpawnedServer;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'foyer-recording-'));
  const config = join(dataDir, 'config.json');
  await writeFile(config, JSON.stringify({ sites: [{ key: 'lamps', name: 'Lamps', coBrowse: { recording: 'ask' } }] }));
  server = await spawnServer({ dataDir, environment: { FOYER_CONFIG: config } });
}, 90_000);
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('[SH24] a server killed in the middle leaves a recording that can be played, goes on with it and marks the place', async () => {
  const agent = await openReadyAgent(server, { siteKey: 'lamps', chatCap: 10 });
  const { visitor, conversationId } = await answeredConversation(server, { agent, ask: { siteKey: 'lamps' } });
  const { shareId } = await allowShare(visitor, conversationId, { mayBeRecorded: true });
  await agent.request('share:watch-stream', { shareId });
  const tabId = randomUUID();

  async function openStream(page: VisitorPage) {
    const opened = await page.request('share:open-stream', {
      shareId,
      tabId,
      page: { url: 'https://shop.example.com/cart', title: 'Cart' },
      isFront: true,
    });
    const pack = createPacker();
    let seq = 0;
    return async (events: readonly object[], isKey = false): Promise<void> => {
      const [data] = await pack(events, isKey);
      const place = { shareId, tabId, epoch: opened.epoch, scopeNumber: opened.scopeNumber };
      await page.request('share:send-frame', { ...place, seq: seq++, isKey, isLast: true, data: data ?? Buffer.of(0) });
    };
  }

  const send = await openStream(visitor);
  await send(keyFrame([{ type: 3, id: 6, textContent: 'before it was killed' }]), true);
  await expect.poll(() => server.read((db) => readStored(db, shareId)), { timeout: 15_000 }).toContain('before it');
  // In the middle of what is not yet written.
  for (let id = 100; id < 130; id += 1) await send([textAdded(id, `line ${id}`)]);
  await server.kill('SIGKILL');
  await server.start();

  const again = await openWorkspace(server, agent.account);
  await again.request('share:watch-stream', { shareId });
  const back = await openAgain(server, visitor, { siteKey: 'lamps' });
  const sendOn = await openStream(back);
  await sendOn(keyFrame([{ type: 3, id: 6, textContent: 'after it was killed' }]), true);
  await back.request('share:end-share', { shareId });

  const recording = await readRecording(again, shareId);
  expect(recording.text).toContain('before it was killed');
  expect(recording.text).toContain('after it was killed');
  expect(recording.marks).toContainEqual(expect.objectContaining({ kind: 'gap', because: 'restarted' }));
  expect(recording.frames.filter(({ isKey }) => isKey)).toHaveLength(2);
  for (const page of [visitor, back, agent, again]) page.close();
}, 90_000);
