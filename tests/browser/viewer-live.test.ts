import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createFrameSource,
  createViewerWorld,
  openSharedPage,
  openViewerWindow,
  TAB,
  type ViewerWorld,
} from './viewer-world.ts';

let world: ViewerWorld;
beforeAll(async () => {
  world = await createViewerWorld();
});
afterAll(() => world.close());

const PAGE = `<!doctype html><title>Shop</title><style>h1 { color: rgb(10, 20, 30) } .far { margin-top: 2000px }</style>
  <h1>Lamps</h1><ul id="list"><li>One</li></ul><input id="name" value="Ada"><p class="far">End</p>`;

test('[B5] a shared page is shown as it is, and what happens there happens here', async () => {
  const shared = await openSharedPage(world, PAGE);
  const window = await openViewerWindow(world);
  const frame = createFrameSource();
  await window.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  await window.sendPieces(frame(await shared.takeKey(), true));
  await window.untilHeard('shown');
  expect(await window.inCopy((document) => document.querySelector('h1')?.textContent)).toBe('Lamps');
  expect(await window.inCopy((document) => getComputedStyle(document.querySelector('h1')!).color)).toBe(
    'rgb(10, 20, 30)',
  );

  await shared.page.evaluate(() => {
    document.querySelector('#list')!.insertAdjacentHTML('beforeend', '<li>Two</li>');
    document.querySelector<HTMLInputElement>('#name')!.value = 'Grace';
    scrollTo(0, 900);
  });
  await window.sendPieces(frame(await shared.takeEvents()));
  await window.untilHeard('confirm');
  expect(await window.inCopy((document) => document.querySelector('#list')?.textContent)).toBe('OneTwo');
  expect(await window.inCopy((document) => document.querySelector<HTMLInputElement>('#name')!.value)).toBe('Grace');
  expect(await window.inCopy((document) => document.scrollingElement!.scrollTop)).toBe(900);
  expect(await window.inCopy((document) => document.defaultView!.innerWidth)).toBe(1000);
  await window.close();
  await shared.close();
});

test('[B5] the copy holds on to the place of the visitor, not to the line that stood there', async () => {
  const shared = await openSharedPage(world, PAGE);
  const window = await openViewerWindow(world);
  const frame = createFrameSource();
  await window.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  await shared.page.evaluate(() => scrollTo(0, 900));
  await window.sendPieces(frame(await shared.takeKey(), true));
  await window.untilHeard('shown');
  await shared.page.evaluate(() => {
    document.body.insertAdjacentHTML('afterbegin', '<div style="height: 300px">New above</div>');
  });
  // As from a browser that does not move along with the line: nothing is said of a scroll.
  const events = await shared.takeEvents();
  await window.sendPieces(
    frame(events.filter(({ type, data }) => type !== 3 || (data as { source: number }).source !== 3)),
  );
  await window.viewer.waitForFunction(() =>
    document.querySelector('.viewer-copy iframe')
      ? (document.querySelector('.viewer-copy iframe') as HTMLIFrameElement).contentDocument!.body.innerHTML.includes(
          'New above',
        )
      : false,
  );
  expect(
    await window.inCopy(
      (document) =>
        new Promise<number>((resolve) => {
          const { defaultView, scrollingElement } = document;
          defaultView!.requestAnimationFrame(() =>
            defaultView!.requestAnimationFrame(() => resolve(scrollingElement!.scrollTop)),
          );
        }),
    ),
  ).toBe(900);
  await window.close();
  await shared.close();
});
