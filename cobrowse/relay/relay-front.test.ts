import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRelayStage, openPage, openViewer } from './relay-fixture.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** An agent looks at a visitor with two pages, of which the second is in front. */
async function openTwo() {
  const stage = createRelayStage();
  await openViewer(stage, 'desk-1');
  const first = await openPage(stage);
  const second = await openPage(stage, { socketId: 'page-two', isFront: true });
  const told = () => stage.toldTo('desk-1', 'share:tabs-changed');
  const front = () =>
    told()
      .at(-1)
      ?.tabs.find(({ isFront }) => isFront)?.tabId;
  return { stage, first, second, told, front };
}

test('[SH54] a page that is closed leaves the front to another one that is open, and gets it back when it returns', async () => {
  const { stage, first, second, front } = await openTwo();
  stage.relay.handleSocketGone('page-two');
  vi.advanceTimersByTime(2_999);
  expect(front()).toBe(second.tabId);
  vi.advanceTimersByTime(1);
  expect(front()).toBe(first.tabId);
  await openPage(stage, { socketId: 'page-three', tabId: second.tabId, isFront: true });
  expect(front()).toBe(second.tabId);
});

test('[SH54] a page that leads to the next one stays in front', async () => {
  const { stage, second, told, front } = await openTwo();
  stage.relay.handleSocketGone('page-two');
  await openPage(stage, { socketId: 'page-three', tabId: second.tabId, isFront: true });
  const count = told().length;
  vi.advanceTimersByTime(60_000);
  expect(told()).toHaveLength(count);
  expect(front()).toBe(second.tabId);
});

test('[SH54] where no other page is open the last one stays in front until it is forgotten', async () => {
  const { stage, first, second, front, told } = await openTwo();
  stage.relay.handleSocketGone(first.caller.socketId);
  stage.relay.handleSocketGone('page-two');
  vi.advanceTimersByTime(10_000);
  expect(front()).toBe(second.tabId);
  vi.advanceTimersByTime(60_000);
  expect(told().at(-1)?.tabs).toEqual([]);
});
