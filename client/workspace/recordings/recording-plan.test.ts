import { expect, test } from 'vitest';
import { toRecordingPlan } from './recording-plan.ts';
import { createRecordedPage, entryAt, START, tabOf, tabsAt } from './testing/recording-scene.ts';

test('[SH31] it lasts from the first picture to the last thing that came', () => {
  const page = createRecordedPage();
  page.add('one', [500, 900], { isKey: true });
  page.add('one', [2_500]);
  const plan = toRecordingPlan(page.opened([tabsAt(0, tabOf('one')), tabsAt(9_000)]), []);
  expect(plan).toMatchObject({ startedAt: START + 500, lengthMs: 2_000 });
  expect(plan.scenes.map(({ kind, from, to }) => [kind, from, to])).toEqual([['page', 0, 2_000]]);
});

test('[SH31] the page that the visitor looked at is the one that is shown, as they switched', () => {
  const page = createRecordedPage();
  page.add('one', [0], { isKey: true });
  page.add('two', [1_000], { isKey: true });
  page.add('one', [3_000]);
  const [one, two] = [tabOf('one'), tabOf('two')];
  const marks = [
    tabsAt(0, one),
    tabsAt(1_000, { ...one, isFront: false }, two),
    tabsAt(2_000, one, { ...two, isFront: false }),
  ];
  const plan = toRecordingPlan(page.opened(marks), []);
  expect(plan.turns.map(({ place, tab }) => [place, tab.tabId])).toEqual([
    [0, 'one'],
    [1_000, 'two'],
    [2_000, 'one'],
  ]);
  expect(plan.sceneAt(1_500)).toMatchObject({ kind: 'page', tab: { tabId: 'two' } });
  expect(plan.chunksOf('two')).toHaveLength(1);
  expect(plan.chunksOf('three')).toEqual([]);
});

test('[SH31] a turn to another page is where its picture begins', () => {
  const page = createRecordedPage();
  page.add('one', [0], { isKey: true });
  page.add('one', [1_700, 3_000], { isKey: true, epoch: 2 });
  const marks = [tabsAt(0, tabOf('one')), tabsAt(1_000, tabOf('one', { epoch: 2, url: 'https://a.example/next' }))];
  const plan = toRecordingPlan(page.opened(marks), []);
  expect(plan.turns.map(({ place }) => place)).toEqual([0, 1_700]);
});

test('[SH31] pauses, pages that were away and stretches that nobody watched are told apart', () => {
  const page = createRecordedPage();
  page.add('one', [0], { isKey: true });
  page.add('one', [8_000], { isKey: true, epoch: 2 });
  const marks = [
    tabsAt(0, tabOf('one')),
    tabsAt(1_000),
    tabsAt(3_000, tabOf('one')),
    { at: START + 4_000, kind: 'unwatched' as const },
    tabsAt(5_000),
    tabsAt(6_000, tabOf('one')),
  ];
  const history = [entryAt(1_000, 'share-paused'), entryAt(2_900, 'share-resumed')];
  const plan = toRecordingPlan(page.opened(marks), history);
  expect(plan.scenes.map(({ kind, from }) => [kind, from])).toEqual([
    ['page', 0],
    ['paused', 1_000],
    ['page', 3_000],
    ['unwatched', 4_000],
    ['nothing', 5_000],
    ['page', 6_000],
  ]);
});

test('[SH24] a gap lasts until the next whole picture', () => {
  const page = createRecordedPage();
  page.add('one', [0], { isKey: true });
  page.add('one', [5_000], { isKey: true });
  page.add('one', [9_000]);
  const marks = [tabsAt(0, tabOf('one')), { at: START + 2_000, kind: 'gap' as const, because: 'behind' as const }];
  const plan = toRecordingPlan(page.opened(marks), []);
  expect(plan.scenes.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ['page', 0, 2_000],
    ['gap', 2_000, 5_000],
    ['page', 5_000, 9_000],
  ]);
});

test('[SH23] only longer quiet is idle, and what comes next is seen beginning', () => {
  const page = createRecordedPage();
  page.add('one', [0, 1_000], { isKey: true });
  page.add('one', [6_000], { isActive: false });
  page.add('one', [11_000]);
  page.add('one', [13_000]);
  page.add('one', [30_000], { isActive: false });
  const plan = toRecordingPlan(page.opened([tabsAt(0, tabOf('one'))]), []);
  expect(plan.idle).toEqual([
    { from: 2_000, to: 10_500 },
    { from: 14_000, to: 29_500 },
  ]);
});

test('[SH31] a recording without anything in it is empty, not broken', () => {
  const plan = toRecordingPlan(createRecordedPage().opened([]), []);
  expect(plan).toMatchObject({ lengthMs: 1, scenes: [{ kind: 'nothing' }], turns: [] });
  expect(plan.sceneAt(0).kind).toBe('nothing');
});
