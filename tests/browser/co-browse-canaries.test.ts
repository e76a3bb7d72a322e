import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findInMemory } from '../_support/process-memory.ts';
import { readStored } from '../_support/stored-recording.ts';
import { readRawRecorder } from '../_support/raw-recorder.ts';
import {
  createSharedSite,
  openSharing,
  watchShare,
  type Eye,
  type SharedSite,
  type SharingVisitor,
} from '../_support/shared-site.ts';
import { changeMore, toCanaryBody, toCanaryHead } from './co-browse-canary-page.ts';
import { CANARY_RULES, changePage, findCanaries } from './recorder-canary-page.ts';

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
).toString('latin1');
const TOKEN = /^(?:cn|ok)-[a-z0-9-]{1,60}?-x/;
/** Only the address of the page a visitor looks at is told with its query, to the conversation; see rule PR. */
const NOT_OF_SHARING = /cn-(?:page-query|history|second-query|route)-x/;

/** The widget in the page, the server in a process of its own, an agent at the other end; looked at on all ways. */
describe('canaries from the page to the agent', () => {
  let site: SharedSite;
  beforeAll(async () => {
    site = await createSharedSite({ ...CANARY_RULES, recording: 'ask' });
    site.host.setPage('/pic.png', PICTURE);
    site.setPage('/account', toCanaryBody(), toCanaryHead());
    site.setPage('/second', `<h1>ok-second-x</h1>${toCanaryBody()}`, toCanaryHead());
  });
  afterAll(() => site.close());

  let marks = 0;
  /** Something of our own that comes last on the way that everything before it went. */
  async function settle(page: Page, eye: Eye): Promise<void> {
    marks += 1;
    const mark = `ok-settled-${marks}-x`;
    await page.evaluate((text) => {
      const element = document.createElement('i');
      element.textContent = text;
      (document.querySelector('[data-marks]') ?? document.body).append(element);
    }, mark);
    await eye.untilSeen(mark);
  }

  /** Key frame, changes, typing, a key frame on demand, another page, a single-page route. */
  async function tellAll(visitor: SharingVisitor): Promise<Eye> {
    const { page, share } = visitor;
    const eye = await watchShare(site.agent, share.shareId);
    await eye.untilSeen('ok-heading-x');
    await settle(page, eye);
    await page.evaluate(changePage);
    await page.evaluate(changeMore);
    await settle(page, eye);
    await page.locator('#blocked-input').fill('cn-typed-blocked-x');
    await page.locator('#masked-input').pressSequentially('cn-typed-masked-x');
    await page.locator('#pw').fill('cn-typed-password-x');
    await page.locator('#name').fill('ok-typed-name-x');
    await settle(page, eye);
    const { tabId, epoch } = eye.frames().at(-1)!;
    await site.agent.request('share:resync-stream', { shareId: share.shareId, tabId, epoch, because: 'differs' });
    await settle(page, eye);
    await page.goto(`${site.host.origin}/second?cn-second-query-x#cn-second-fragment-x`);
    await eye.untilSeen('ok-second-x');
    await settle(page, eye);
    await page.evaluate(() =>
      history.pushState({ secret: 'cn-state-x' }, '', '/second/there?cn-route-x#cn-route-hash-x'),
    );
    await page.evaluate(changePage);
    await settle(page, eye);
    return eye;
  }

  /** What was kept for playback, unpacked, once the last thing that was said is in it. */
  async function readKept({ share }: SharingVisitor): Promise<string> {
    const read = () => site.server.read((db) => readStored(db, share.shareId));
    await expect.poll(read, { timeout: 15_000 }).toContain(`ok-settled-${marks}-x`);
    return read();
  }

  /** Everything that lies in files: the database with its journal, and whatever else there is. */
  function readFiles(folder = site.server.dataDir): string {
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .map((path) => (statSync(path).isDirectory() ? readFiles(path) : readFileSync(path, 'latin1')))
      .join('\n');
  }

  test('[B4] nothing private is on the wire, in the memory of the server, in its files or at the agent', async () => {
    const visitor = await openSharing(site, '/account?cn-page-query-x#cn-page-fragment-x', { isRecorded: true });
    const eye = await tellAll(visitor);
    const kept = await readKept(visitor);
    for (const name of ['ok-heading-x', 'ok-typed-name-x', 'ok-second-x']) expect(kept).toContain(name);
    expect(findCanaries(kept), 'in the recording').toEqual([]);
    const { wire } = visitor;
    // What an agent should see has come all the way, so the probes look at the right place.
    for (const name of ['ok-later-x', 'ok-typed-name-x', 'ok-frame-x', 'ok-shadow-x'])
      expect(eye.text()).toContain(name);
    expect(wire.text()).toContain('ok-typed-name-x');
    const memory = await findInMemory(site.server.pid, ['cn-', 'ok-'], TOKEN);
    expect(memory).toContain('ok-heading-x');

    const sharing = wire.messages().filter(({ name }) => name.startsWith('share:') || name === '');
    expect(findCanaries(sharing.map(({ text }) => text).join('\n')), 'in what sharing says').toEqual([]);
    const others = findCanaries(wire.text()).filter((name) => !NOT_OF_SHARING.test(name));
    expect(others, 'on the wire').toEqual([]);
    expect(findCanaries(eye.text()), 'at the agent').toEqual([]);
    expect(findCanaries(JSON.stringify(site.agent.heard('share:changed')))).toEqual([]);
    expect(findCanaries(JSON.stringify(site.agent.heard('share:tabs-changed')))).toEqual([]);
    const inMemory = memory.filter((name) => name.startsWith('cn-') && !NOT_OF_SHARING.test(name));
    expect(inMemory, 'in the memory of the server').toEqual([]);
    expect(
      findCanaries(readFiles()).filter((name) => !NOT_OF_SHARING.test(name)),
      'in files',
    ).toEqual([]);
    await visitor.context.close();
  });

  test('[B4] with the library alone in the place of the recorder the same probes find them', async () => {
    const recorderScript = readRawRecorder();
    const visitor = await openSharing(site, '/account?cn-page-query-x', { recorderScript, isRecorded: true });
    await tellAll(visitor);
    expect(findCanaries(await readKept(visitor)).length, 'in the recording').toBeGreaterThan(50);
    const onWire = findCanaries(visitor.wire.text());
    const planted = findCanaries(toCanaryHead() + toCanaryBody());
    expect(planted.length).toBeGreaterThan(120);
    // Scripts, templates, canvases and what a page keeps for itself no recorder of documents sees.
    expect(onWire.length).toBeGreaterThan(planted.length);
    expect((await findInMemory(site.server.pid, ['cn-'], TOKEN)).length).toBeGreaterThan(50);
    await visitor.context.close();
  });
});
