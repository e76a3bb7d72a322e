import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PickedPart } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ShareView } from '../../../protocol/sharing.ts';
import { createSafeStorage } from '../../connection/safe-storage.ts';
import { FakeBrowserStorage } from '../../connection/testing/browser-storage.ts';
import { makeLiveShare, makeShare } from '../widget-fixtures.ts';
import { openLiveTab, openTab } from './testing/sharing-tab.ts';

const PART: PickedPart = { path: '/lamps', selector: '#form', label: 'Form: Delivery address' };
const asked = makeShare();
const live = makeLiveShare();

beforeEach(() => {
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('window', new EventTarget());
});
afterEach(() => vi.unstubAllGlobals());

/** What the server learnt of a choice and answers with. */
const scopeIn = (sent: { input: unknown }) => (sent.input as { scope: NonNullable<ShareView['scope']> }).scope;

test('[B1] being asked loads nothing and sends nothing; "Allow" does both', async () => {
  const tab = await openTab();
  tab.told.value = asked;
  expect(tab.isLoaded()).toBe(false);
  expect(tab.link.names).toEqual([]);
  tab.share.allow({ isPart: false, mayBeRecorded: false });
  expect(tab.isLoaded()).toBe(true);
  expect(tab.link.take('share:allow-share').input).toEqual({
    conversationId: asked.conversationId,
    shareId: asked.shareId,
    scope: { kind: 'page', hiddenParts: 0 },
    mayBeRecorded: false,
  });
  expect((await tab.heard()).map(({ type }) => type)).not.toContain('start');
  await tab.link.take('share:allow-share').answer({ share: makeLiveShare({ phase: 'allowed', liveAt: null }) });
  await tab.link.take('share:open-stream').answer({ epoch: 1, scopeNumber: 1, isWanted: true });
  expect((await tab.heard()).map(({ type }) => type)).toContain('start');
  tab.close();
});

test('[B3] a part is chosen before anything is allowed, and its selector stays in the browser', async () => {
  const tab = await openTab();
  tab.told.value = asked;
  tab.share.allow({ isPart: true, mayBeRecorded: false });
  expect(tab.link.names).toEqual([]);
  await tab.say({ type: 'picked', purpose: 'only', part: PART });
  const sent = tab.link.take('share:allow-share');
  expect(sent.input).toMatchObject({ scope: { kind: 'part', hiddenParts: 0 } });
  expect(JSON.stringify(sent.input)).not.toContain('#form');
  await sent.answer({ share: makeLiveShare({ phase: 'allowed', scope: scopeIn(sent) }) });
  await tab.link.take('share:open-stream').answer({ epoch: 1, scopeNumber: 1, isWanted: true });
  expect((await tab.heard()).find(({ type }) => type === 'start')).toMatchObject({
    stream: { scope: { onlyPart: PART, hidden: [] } },
  });
  tab.close();
});

test('[B3] narrowing silences the page in the same call, before the server is asked and whatever it answers', async () => {
  const tab = await openLiveTab();
  tab.share.pick('hide');
  expect(tab.link.open.map(({ name }) => name)).toEqual(['share:pause-share']);
  expect((await tab.heard()).map(({ type }) => type).slice(-2)).toEqual(['stop', 'pick']);
  await tab.link.take('share:pause-share').answer({ share: { ...live, phase: 'paused', scopeNumber: 2 } });
  await tab.say({ type: 'picked', purpose: 'hide', part: PART });
  expect(tab.link.take('share:change-scope').input).toEqual({
    shareId: live.shareId,
    scope: { kind: 'page', hiddenParts: 1, choiceId: expect.any(String) },
  });
  await tab.link.take('share:change-scope').refuse('bad-input');
  // Refused: better nothing than more than the visitor wants to show.
  expect(tab.link.take('share:end-share').input).toMatchObject({ reason: 'failed' });
  expect((await tab.heard()).filter(({ type }) => type === 'start')).toHaveLength(1);
  tab.close();
});

test('[B3] a page that was left before the server heard of the narrowing shows nothing of the old scope', async () => {
  const before = await openLiveTab();
  before.link.state.value = 'reconnecting';
  await before.say({ type: 'pick-cancelled' });
  before.share.pick('hide');
  await before.say({ type: 'picked', purpose: 'hide', part: PART });
  before.close();

  const after = await openTab({ local: before.local, tab: before.tab });
  after.told.value = live;
  expect(after.link.names).not.toContain('share:open-stream');
  expect(after.link.take('share:change-scope').input).toMatchObject({ scope: { hiddenParts: 1 } });
  after.close();
});

test('[B2] END counts from the click on, also where the server cannot be reached, also after a reload', async () => {
  const tab = await openLiveTab();
  tab.link.state.value = 'reconnecting';
  tab.share.end();
  expect(tab.share.share.value).toBeNull();
  expect((await tab.heard()).at(-1)).toEqual({ type: 'stop' });
  tab.link.state.value = 'online';
  expect(tab.link.open.map(({ name }) => name)).toEqual(['share:end-share']);
  tab.close();

  const reloaded = await openTab({ local: tab.local, tab: tab.tab });
  reloaded.told.value = live;
  expect(reloaded.share.share.value).toBeNull();
  expect(reloaded.link.open.map(({ name }) => name)).toEqual(['share:end-share']);
  reloaded.close();
});

test('[SH47] what is hidden stays hidden and END stays END where the browser forgets both', async () => {
  const stores = { local: new FakeBrowserStorage(), tab: new FakeBrowserStorage() };
  const storages = { local: createSafeStorage(stores.local), tab: createSafeStorage(stores.tab) };
  const clear = (): void => {
    for (const store of Object.values(stores)) store.clear();
    window.dispatchEvent(new Event('storage'));
  };
  const tab = await openLiveTab(storages);
  tab.share.pick('hide');
  await tab.link.take('share:pause-share').answer({ share: { ...live, phase: 'paused', scopeNumber: 2 } });
  await tab.say({ type: 'picked', purpose: 'hide', part: PART });
  const changed = tab.link.take('share:change-scope');
  const narrowed = { ...live, revision: 9, scopeNumber: 4, scope: scopeIn(changed) };
  await changed.answer({ share: { ...narrowed, phase: 'paused', scopeNumber: 3 } });
  await tab.link.take('share:resume-share').answer({ share: narrowed });
  await tab.link.take('share:open-stream').answer({ epoch: 2, scopeNumber: 4, isWanted: true });
  clear();
  expect(tab.share.scope.value).toEqual({ onlyPart: null, hidden: [PART] });
  expect((await tab.heard()).at(-1)).toMatchObject({ type: 'start', stream: { scope: { hidden: [PART] } } });

  tab.link.state.value = 'reconnecting';
  tab.share.end();
  clear();
  tab.told.value = { ...narrowed, revision: 10 };
  expect(tab.share.share.value).toBeNull();
  expect((await tab.heard()).at(-1)).toEqual({ type: 'stop' });
  tab.close();

  const reloaded = await openTab(storages);
  reloaded.told.value = { ...narrowed, revision: 10 };
  expect(reloaded.share.scope.value).toBeNull();
  expect(reloaded.link.names).not.toContain('share:open-stream');
  reloaded.close();
});

test('[B8] a new page and a new tab go on by themselves with the whole page, never with a part they cannot know', async () => {
  const first = await openLiveTab();
  const second = await openTab({ local: first.local });
  second.told.value = live;
  expect(second.link.take('share:open-stream').input).toMatchObject({ shareId: live.shareId });
  second.told.value = { ...live, revision: 4, scopeNumber: 2, scope: { kind: 'part', hiddenParts: 0 } };
  expect(second.share.scope.value).toBeNull();
  expect(second.link.names.filter((name) => name === 'share:open-stream')).toHaveLength(1);
  first.close();
  second.close();
});

test('[B4] a private page pauses the share, and the next page goes on with it once', async () => {
  const tab = await openLiveTab();
  tab.page.value = { url: 'https://shop.example/account/cards', title: 'Cards' };
  await tab.say({ type: 'paused', epoch: 1, because: 'private-page' });
  const paused: ShareView = { ...live, revision: 5, phase: 'paused', pausedBecause: 'private-page', scopeNumber: 2 };
  await tab.link.take('share:pause-share').answer({ share: paused });
  expect(tab.link.names).not.toContain('share:resume-share');
  tab.page.value = { url: 'https://shop.example/lamps', title: 'Lamps' };
  expect(tab.link.names.filter((name) => name === 'share:resume-share')).toHaveLength(1);
  tab.close();
});

test('[B3] a hidden part that is not found pauses the share; what is hidden next takes its place', async () => {
  const tab = await openLiveTab();
  tab.share.pick('hide');
  await tab.link.take('share:pause-share').answer({ share: { ...live, phase: 'paused', scopeNumber: 2 } });
  await tab.say({ type: 'picked', purpose: 'hide', part: PART });
  const scope = scopeIn(tab.link.take('share:change-scope'));
  expect(scope).toMatchObject({ kind: 'page', hiddenParts: 1 });
  await tab.link.take('share:change-scope').answer({ share: { ...live, scope, phase: 'paused', scopeNumber: 3 } });
  await tab.link.take('share:resume-share').answer({ share: { ...live, scope, scopeNumber: 4 } });
  await tab.link.take('share:open-stream').answer({ epoch: 2, scopeNumber: 4, isWanted: true });
  await tab.say({ type: 'paused', epoch: 2, because: 'part-gone', detail: PART.selector });
  expect(tab.link.take('share:pause-share').input).toMatchObject({ reason: 'part-gone' });
  const paused: ShareView = { ...live, scope, phase: 'paused', pausedBecause: 'part-gone', scopeNumber: 5 };
  await tab.link.take('share:pause-share').answer({ share: paused });
  expect(tab.share.gonePart.value).toEqual(PART);

  tab.share.pick('hide');
  await tab.link.take('share:pause-share').answer({ share: { ...paused, pausedBecause: 'by-visitor' } });
  const other: PickedPart = { path: '/lamps', selector: '#other', label: 'Section' };
  await tab.say({ type: 'picked', purpose: 'hide', part: other });
  const next = scopeIn(tab.link.take('share:change-scope'));
  expect(next).toMatchObject({ kind: 'page', hiddenParts: 1 });
  await tab.link.take('share:change-scope').answer({ share: { ...paused, scope: next, scopeNumber: 6 } });
  expect(tab.share.scope.value?.hidden).toEqual([other]);
  expect(tab.share.gonePart.value).toBeNull();
  tab.close();
});

test('[B8] a tab in the background that may not show its page does not blank the one in front', async () => {
  const tab = await openLiveTab({ isFront: false });
  await tab.say({ type: 'paused', epoch: 1, because: 'private-page' });
  expect(tab.link.names).not.toContain('share:pause-share');
  expect((await tab.heard()).at(-1)).not.toMatchObject({ type: 'start' });
  tab.close();
});

test('[B7] an act is carried out only for the stream it was meant for, and a page opens only after a yes', async () => {
  const tab = await openLiveTab();
  const act = { kind: 'click', at: { nodeId: 3, x: 0.5, y: 0.5 } } as const;
  const meant = { shareId: live.shareId, tabId: 'tab-1', epoch: 1, actId: 'one', act, agentName: 'Mira' };
  tab.link.tell('share:act-asked', { ...meant, epoch: 9, actId: 'stale' });
  tab.link.tell('share:act-asked', { ...meant, tabId: 'tab-2', actId: 'elsewhere' });
  tab.link.tell('share:act-asked', meant);
  expect((await tab.heard()).filter(({ type }) => type === 'act')).toEqual([
    { type: 'act', actId: 'one', act, agentName: 'Mira' },
  ]);
  await tab.say({ type: 'act-done', actId: 'made-up', refusal: null });
  await tab.say({ type: 'act-done', actId: 'one', refusal: null, label: 'Add to cart' });
  expect(tab.link.take('share:report-act').input).toMatchObject({ actId: 'one', refusal: null });
  expect(tab.share.lastAct.value).toMatchObject({ kind: 'click', agentName: 'Mira', label: 'Add to cart' });

  tab.link.tell('share:act-asked', { ...meant, actId: 'far', act: { kind: 'open', url: 'https://evil.example/' } });
  expect(tab.share.askedPage.value).toBeNull();
  expect(tab.link.open.map(({ input }) => input).at(-1)).toMatchObject({ actId: 'far', refusal: 'elsewhere' });
  const url = 'https://shop.example/help';
  tab.link.tell('share:act-asked', { ...meant, actId: 'go', act: { kind: 'open', url } });
  expect((await tab.heard()).filter(({ type }) => type === 'act')).toHaveLength(1);
  expect(tab.share.askedPage.value).toEqual({ actId: 'go', url, agentName: 'Mira' });
  tab.share.answerPage(false);
  expect(tab.link.open.map(({ input }) => input).at(-1)).toMatchObject({ actId: 'go', refusal: 'declined' });
  tab.close();
});

test('[B7] a page that is asked for goes with the permission it was asked under', async () => {
  const tab = await openLiveTab();
  const given = { grant: 'navigate' as const, expiresAt: null };
  tab.told.value = { ...live, revision: 8, grants: [given] };
  const act = { kind: 'open', url: 'https://shop.example/help' } as const;
  const meant = { shareId: live.shareId, tabId: 'tab-1', epoch: 1, act, agentName: 'Mira' };
  tab.link.tell('share:act-asked', { ...meant, actId: 'go' });
  expect(tab.share.askedPage.value).not.toBeNull();
  tab.share.setGrant('navigate', false);
  expect(tab.share.askedPage.value).toBeNull();
  expect(tab.link.take('share:report-act').input).toMatchObject({ actId: 'go', refusal: 'not-granted' });
  tab.share.answerPage(true);
  expect((await tab.heard()).filter(({ type }) => type === 'act')).toEqual([]);
  tab.close();
});

test('[B7] a permission that is taken back is gone here before the server knows', async () => {
  const tab = await openLiveTab();
  tab.share.setGrant('draw', false);
  expect(tab.share.share.value?.grants.map(({ grant }) => grant)).toEqual(['point']);
  await tab.heard();
  expect(tab.recorder.filter(({ type }) => type === 'grants').at(-1)).toEqual({ type: 'grants', grants: ['point'] });
  expect(tab.link.take('share:set-grant').input).toMatchObject({ grant: 'draw', isGranted: false });
  tab.close();
});

test('[SH32] a share that the server gives up says so, and nothing is sent any more', async () => {
  const visitor = await openTab();
  visitor.told.value = live;
  expect(visitor.share.fault.value).toBeNull();
  visitor.told.value = { ...live, phase: 'ended', endReason: 'failed', revision: live.revision + 1 };
  expect(visitor.share.share.value).toBeNull();
  expect(visitor.share.fault.value).toBe('broken-off');
  visitor.share.dismissFault();
  expect(visitor.share.fault.value).toBeNull();
  visitor.close();
});

test('[B1] a page that breaks the recorder while the yes is on its way ends the share after the yes, not before', async () => {
  const tab = await openTab();
  tab.told.value = asked;
  tab.share.allow({ isPart: false, mayBeRecorded: false });
  await tab.say({ type: 'failed', because: 'script' });
  expect(tab.link.names).toEqual(['share:allow-share']);
  await tab.link.take('share:allow-share').answer({ share: makeLiveShare({ phase: 'allowed', liveAt: null }) });
  expect(tab.link.take('share:end-share').input).toMatchObject({ reason: 'failed' });
  expect(tab.share.fault.value).toBe('not-loaded');
  tab.close();
});

test('[B1] a page that does not let the recorder in says so and ends the share', async () => {
  const tab = await openTab();
  tab.told.value = live;
  await tab.clock.advance(20_000);
  expect(tab.share.fault.value).toBe('not-loaded');
  expect(tab.link.take('share:end-share').input).toMatchObject({ reason: 'failed' });
  tab.close();
});

test('[B8] what was hidden in another tab in the place of something else is hidden here from the first frame on', async () => {
  const first = await openLiveTab();
  const hide = async (part: PickedPart, revision: number) => {
    first.share.pick('hide');
    await first.link.take('share:pause-share').answer({ share: { ...live, revision, phase: 'paused' } });
    await first.say({ type: 'picked', purpose: 'hide', part });
    const sent = first.link.take('share:change-scope');
    return { sent, scope: scopeIn(sent) };
  };
  const { sent, scope } = await hide(PART, 4);
  await sent.answer({ share: { ...live, scope, scopeNumber: 2, revision: 5 } });
  const second = await openTab({ local: first.local });
  second.told.value = { ...live, scope, scopeNumber: 2, revision: 5 };
  expect(second.share.scope.value?.hidden).toEqual([PART]);
  // This tab chose the same by itself once, as after a change of its own.
  second.tab.set('foyer:share-scope:demo', first.local.get('foyer:share-scope:demo')!);
  first.close();

  const other: PickedPart = { path: '/lamps', selector: '#other', label: 'Section' };
  const changing = await openTab({ local: first.local });
  changing.told.value = { ...live, scope, scopeNumber: 2, revision: 5 };
  changing.share.showAgain(PART);
  const shown = changing.link.take('share:change-scope');
  await shown.answer({ share: { ...live, scope: scopeIn(shown), scopeNumber: 3, revision: 6 } });
  changing.share.pick('hide');
  await changing.link.take('share:pause-share').answer({ share: { ...live, revision: 7, phase: 'paused' } });
  await changing.say({ type: 'picked', purpose: 'hide', part: other });
  const later = scopeIn(changing.link.take('share:change-scope'));
  expect(later).toMatchObject({ kind: 'page', hiddenParts: 1 });
  second.told.value = { ...live, scope: later, scopeNumber: 4, revision: 8 };
  expect(second.share.scope.value?.hidden).toEqual([other]);
  second.close();
  changing.close();
});
