import { signal } from '@preact/signals';
import { expect } from 'vitest';
import type { FromRecorder, ToRecorder } from '../../../../cobrowse/recorder/recorder-messages.ts';
import type { ShareView } from '../../../../protocol/sharing.ts';
import { createSafeStorage } from '../../../connection/safe-storage.ts';
import { createManualClock, settle } from '../../../connection/testing/manual-clock.ts';
import { makeLiveShare, makeSite } from '../../widget-fixtures.ts';
import { createShareMemory } from '../share-memory.ts';
import { createVisitorShare } from '../visitor-share.ts';
import { createFakeShareLink } from './fake-share-link.ts';

const live = makeLiveShare();

/** One tab of a visitor; a second one shares `local`, a reload `tab` as well. */
export async function openTab({
  local = createSafeStorage(undefined),
  tab = createSafeStorage(undefined),
  isFront = true,
} = {}) {
  const link = createFakeShareLink();
  const clock = createManualClock();
  const told = signal<ShareView | null>(null);
  const page = signal({ url: 'https://shop.example/lamps', title: 'Lamps' });
  const ports: MessagePort[] = [];
  const recorder: ToRecorder[] = [];
  const share = createVisitorShare({
    link,
    clock,
    memory: createShareMemory('tab-1', 'demo', local, tab),
    told,
    conversationId: () => live.conversationId,
    offer: signal({ ...makeSite().sharing, rules: { ...makeSite().sharing.rules, privatePaths: ['/account/*'] } }),
    page,
    language: signal('en'),
    accent: () => null,
    sayWatermark: () => 'Shared with Mira',
    loadScript(script, port) {
      expect(script).toBe('/recorder.js');
      port.addEventListener('message', ({ data }: MessageEvent<ToRecorder>) => recorder.push(data));
      port.start();
      ports.push(port);
    },
    learn: (view) => void (told.value = view),
    makeRoom: () => undefined,
    isFront: () => isFront,
    scheme: signal('light'),
    hasOwnWindow: signal(false),
    squeezer: { squeeze: async () => new Uint8Array(8), close: () => undefined },
  });
  return {
    local,
    tab,
    link,
    clock,
    told,
    page,
    share,
    recorder,
    isLoaded: () => ports.length > 0,
    /** What the page has been told by now, in order; ports deliver in tasks of their own. */
    async heard() {
      for (let count = 0; count < 5; count += 1) await settle();
      return recorder.filter(
        ({ type }) => type !== 'look' && type !== 'grants' && type !== 'watermark' && type !== 'tool',
      );
    },
    async say(message: FromRecorder) {
      ports[0]!.postMessage(message);
      for (let count = 0; count < 5; count += 1) await settle();
    },
    close() {
      share.close();
      for (const port of ports) port.close();
    },
  };
}
export type Tab = Awaited<ReturnType<typeof openTab>>;

export async function openLiveTab(options: Parameters<typeof openTab>[0] = {}): Promise<Tab> {
  const tab = await openTab(options);
  tab.told.value = live;
  await tab.link.take('share:open-stream').answer({ epoch: 1, scopeNumber: live.scopeNumber, isWanted: true });
  await tab.heard();
  return tab;
}
