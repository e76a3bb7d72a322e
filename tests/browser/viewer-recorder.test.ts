import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamEvent } from '../../cobrowse/stream-events.ts';
import { openRecorded, startRecorderSite, type RecordedPage, type RecorderSite } from '../_support/recorder-page.ts';
import { runProgram, writeDown } from './viewer-programs.ts';
import { createFrameSource, createViewerWorld, openViewerWindow, TAB, type ViewerWorld } from './viewer-world.ts';

let world: ViewerWorld;
let site: RecorderSite;
beforeAll(async () => {
  world = await createViewerWorld();
  site = await startRecorderSite();
});
afterAll(async () => {
  await site.close();
  await world.close();
});

const PAGE = `<!doctype html><html lang="en"><head><title>Shop</title><style id="sheet">p { color: red }</style></head><body>
  <div id="root"><div class="box"></div><form><input value="a"><textarea>written before</textarea><select><option>1</option><option>2</option>
  </select><input type="checkbox"></form><svg><g id="drawing"></g></svg><x-part id="part">slotted</x-part>
  ${'<p>Text <b>with</b> parts</p>'.repeat(120)}</div></body></html>`;

/** Everything that was recorded, batch by batch, up to and including the digest with this number. */
async function takeUntilDigest(
  recorded: RecordedPage,
  count: number,
): Promise<{ isKey: boolean; events: StreamEvent[] }[]> {
  const isDigest = 'foyer:digest';
  await recorded.page.waitForFunction(
    ([tag, wanted]) =>
      window.recorderHeard.filter((message) => message.type === 'events' && message.events.includes(tag)).length >=
      wanted,
    [isDigest, count] as const,
  );
  return (await recorded.heard()).flatMap((message) =>
    message.type === 'events' ? [{ isKey: message.isKey, events: JSON.parse(message.events) as StreamEvent[] }] : [],
  );
}

test('[B5] what the recorder counts on the visitor’s page, the viewer counts here', async () => {
  site.setPage('/', PAGE);
  const recorded = await openRecorded(world.browser, site);
  await recorded.page.evaluate(() => {
    document.querySelector('#part')!.attachShadow({ mode: 'open' }).innerHTML =
      `${'<i>in the shadow</i>'.repeat(60)}<slot></slot>`;
  });
  await recorded.start();
  for (let round = 0; round < 4; round += 1) {
    await recorded.page.evaluate(runProgram, { seed: 40 + round, steps: 15 });
    await recorded.settle();
  }
  const batches = await takeUntilDigest(recorded, 2);
  const viewer = await openViewerWindow(world);
  const frame = createFrameSource();
  await viewer.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  const [key, ...later] = batches;
  await viewer.sendPieces(frame(key?.events ?? [], true));
  await viewer.untilHeard('shown');
  for (const { isKey, events } of later) await viewer.sendPieces(frame(events, isKey));
  await viewer.page.waitForFunction(
    (last) =>
      (globalThis as never as { heard: { type: string; seq?: number }[] }).heard.some(
        ({ type, seq }) => type === 'confirm' && seq === last,
      ),
    later.length,
  );
  expect((await viewer.heard()).filter(({ type }) => type === 'resync')).toEqual([]);
  expect(await viewer.inCopy(writeDown)).toEqual(await recorded.page.evaluate(`(${String(writeDown)})(document)`));
  await viewer.close();
  await recorded.context.close();
});
