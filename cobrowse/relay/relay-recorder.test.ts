import { expect, test } from 'vitest';
import type { ShareGrantName, ShareMark } from '../../protocol/sharing.ts';
import { createRelayStage, keyFrame, openPage, openViewer, textAdded } from './relay-fixture.ts';
import type { TestPage } from './relay-fixture.ts';

const allow = (...grants: ShareGrantName[]) => ({ grants: grants.map((grant) => ({ grant, expiresAt: null })) });

async function watchedPage(options: Parameters<typeof createRelayStage>[0]) {
  const stage = createRelayStage(options);
  const viewer = await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  await page.send(keyFrame(), true);
  return { stage, viewer, page, shareId: stage.record.shareId };
}

test('[B10] cleaned frames are kept for playback only while the visitor has allowed it', async () => {
  const kept: string[] = [];
  const recorder = {
    append: ({ events }: { events: string }) => kept.push(events) > 0,
    keepDrawing: () => undefined,
    noteTabs: () => undefined,
    keepAsset: () => undefined,
    endShare: () => undefined,
  };
  const { page } = await watchedPage({ recorder });
  await page.send([textAdded(9, 'not kept')]);
  expect(kept).toEqual([]);
  const recorded = await watchedPage({ recorder, record: { isRecorded: true } });
  const added = {
    parentId: 5,
    nextId: null,
    node: { type: 2, id: 9, tagName: 'img', attributes: { src: 'http://evil.example' }, childNodes: [] },
  };
  await recorded.page.send([
    { type: 3, data: { source: 0, texts: [], attributes: [], removes: [], adds: [added] }, timestamp: 3 },
  ]);
  expect(kept).toHaveLength(2);
  expect(kept[1]).not.toContain('evil');
});

test('[SH51] what is drawn is kept for playback with the name of who drew it, where the visitor has allowed it', async () => {
  const kept: unknown[] = [];
  const recorder = {
    append: () => true,
    keepDrawing: (...drawing: unknown[]) => void kept.push(drawing.slice(1)),
    noteTabs: () => undefined,
    keepAsset: () => undefined,
    endShare: () => undefined,
  };
  const marks: ShareMark[] = [{ kind: 'ink', strokeId: 1, points: [{ nodeId: 5, x: 0, y: 0 }], isEnd: true }];
  const draw = async (isRecorded: boolean) => {
    const watched = await watchedPage({ recorder, record: { isRecorded, ...allow('draw') } });
    const { stage, viewer, page, shareId } = watched;
    const place = { tabId: page.tabId, epoch: page.epoch };
    const send = (caller: TestPage['caller']) =>
      stage.relay.handlers['share:send-marks']({ shareId, ...place, marks }, caller);
    await send(viewer.caller);
    await send(page.caller);
    stage.change({ grants: [] });
    await expect(send(viewer.caller)).rejects.toMatchObject({ code: 'share-not-allowed' });
    return place;
  };
  await draw(false);
  expect(kept).toEqual([]);
  const place = await draw(true);
  expect(kept).toEqual([
    [place, { name: 'Ada Keller', marks }],
    [place, { name: 'Grace Hofer', marks }],
  ]);
});
