import { expect, test } from 'vitest';
import { createRelayStage, keyFrame, openPage, openViewer, readFrames, textAdded } from './relay-fixture.ts';
import type { RelayStage, TestPage } from './relay-fixture.ts';

/** A relay on whose thread each frame takes as long as it is told to. */
async function costlyPage() {
  const cost = { ms: 0 };
  let worked = 0;
  let reads = 0;
  // Asked before and after the work of each frame.
  const processorMs = (): number => ((reads += 1) % 2 === 0 ? (worked += cost.ms) : worked);
  const stage = createRelayStage({ processorMs });
  await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  const shown = async (of: TestPage = page) => (await readFrames(stage, 'desk-1', of.tabId)).map(({ text }) => text);
  const asked = (): number => stage.toldVisitor('share:key-wanted').length;
  const busy = (): number => stage.relay.readNumbers().refused['too-busy'] ?? 0;
  return { stage, page, cost, shown, asked, busy };
}

async function overdraw(stage: RelayStage, cost: { ms: number }): Promise<TestPage> {
  const page = await openPage(stage);
  cost.ms = 3_000;
  await page.send(keyFrame(), true);
  return page;
}

test('[SH32] a page that has used up its processor time is passed over, and asked for a key frame when there is some again', async () => {
  const { stage, page, cost, shown, asked, busy } = await costlyPage();
  cost.ms = 3_000;
  await page.send(keyFrame([{ type: 3, id: 6, textContent: 'costly' }]), true);
  expect((await shown()).at(-1)).toContain('costly');

  cost.ms = 1;
  await page.send([textAdded(10, 'passed over')]);
  await page.send([textAdded(11, 'passed over')]);
  await page.send(keyFrame([{ type: 3, id: 6, textContent: 'too soon' }]), true);
  expect(await shown()).toHaveLength(1);
  expect(busy()).toBe(2);
  // A second less than it takes: nobody's asking for a repair makes it come sooner.
  stage.clock.now += 19_000;
  await page.send(keyFrame(), true);
  expect(busy()).toBe(3);
  expect(asked()).toBe(0);

  stage.clock.now += 1_000;
  await page.send([textAdded(12, 'still without a key frame')]);
  await page.send(keyFrame([{ type: 3, id: 6, textContent: 'and on' }]), true);
  await page.send([textAdded(13, 'as before')]);
  expect((await shown()).slice(1).join(' ')).toMatch(/and on.*as before/s);
  expect(stage.givenUp).toBe(0);
});

test('[SH32] neither a page that begins anew nor a second one gets time of its own', async () => {
  const { stage, page, cost, busy, shown } = await costlyPage();
  await overdraw(stage, cost);
  cost.ms = 1;
  const again = await openPage(stage, { tabId: page.tabId });
  await again.send(keyFrame(), true);
  await (await openPage(stage)).send(keyFrame(), true);
  expect(busy()).toBe(2);
  expect(await shown(again)).toEqual([]);
});

test('[SH32] a share that uses it up again and again is given up, once', async () => {
  const { stage, cost } = await costlyPage();
  for (let time = 0; time < 4; time += 1) {
    await overdraw(stage, cost);
    expect(stage.givenUp).toBe(0);
    stage.clock.now += 30_000;
  }
  const page = await overdraw(stage, cost);
  await overdraw(stage, cost);
  expect(stage.givenUp).toBe(1);
  await expect(page.send(keyFrame(), true)).rejects.toMatchObject({ code: 'stale-stream' });
});

test('[SH32] what holds more than any page is refused unread, and others go on', async () => {
  const attributes = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`a${index}`, '']));
  const heavy = [
    keyFrame([{ type: 2, id: 6, tagName: 'p', attributes, childNodes: [] }]),
    keyFrame(Array.from({ length: 700_000 }, () => [])),
  ];
  const stage = createRelayStage();
  await openViewer(stage, 'desk-1');
  const other = await openPage(stage);
  await other.send(keyFrame(), true);
  for (const frame of heavy) {
    const page = await openPage(stage);
    await expect(page.send(frame, true)).rejects.toMatchObject({ code: 'too-large' });
    await expect(page.send(keyFrame(), true)).rejects.toMatchObject({ code: 'stale-stream' });
  }
  await other.send([textAdded(10, 'goes on')]);
  expect((await readFrames(stage, 'desk-1', other.tabId)).at(-1)?.text).toContain('goes on');
});

test('[SH32] a page of 20,000 nodes is nothing out of the ordinary', async () => {
  const { stage, page, shown } = await costlyPage();
  const attributes = { class: 'card product', id: 'lamp', style: 'color: red', title: 'A lamp' };
  const body = Array.from({ length: 10_000 }, (_, index) => ({
    type: 2,
    id: 10 + 2 * index,
    tagName: 'div',
    attributes,
    childNodes: [{ type: 3, id: 11 + 2 * index, textContent: `Lamp {${index}}, "bright": [yes]` }],
  }));
  await page.send(keyFrame(body), true);
  expect((await shown())[0]).toContain('Lamp {9999}');
  expect(stage.relay.readNumbers().refused).toEqual({});
});
