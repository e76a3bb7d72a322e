import { expect, test } from 'vitest';
import { createReconciler } from './reconciler.ts';

function createGate() {
  const opened: (() => void)[] = [];
  return { wait: () => new Promise<void>((resolve) => opened.push(resolve)), open: () => opened.shift()?.() };
}

test('[M5] wishes that were overtaken while one was being met are skipped', async () => {
  const gate = createGate();
  const met: string[] = [];
  const reconciler = createReconciler(async (wanted: string) => {
    met.push(wanted);
    await gate.wait();
  });
  const settled = reconciler.want('on');
  void reconciler.want('off');
  void reconciler.want('on again');
  gate.open();
  await Promise.resolve();
  await expect.poll(() => met.length).toBe(2);
  gate.open();
  await settled;
  expect(met).toEqual(['on', 'on again']);
});

test('[M5] a wish that failed does not block the next one', async () => {
  const met: string[] = [];
  const reconciler = createReconciler(async (wanted: string) => {
    met.push(wanted);
    if (wanted === 'broken') throw new Error('device');
  });
  await expect(reconciler.want('broken')).rejects.toThrow('device');
  await reconciler.want('fine');
  expect(met).toEqual(['broken', 'fine']);
});

test('[C6] nothing is started after it was closed', async () => {
  const gate = createGate();
  const met: string[] = [];
  const reconciler = createReconciler(async (wanted: string) => {
    met.push(wanted);
    await gate.wait();
  });
  const settled = reconciler.want('on');
  void reconciler.want('later');
  reconciler.close();
  gate.open();
  await settled;
  await reconciler.want('too late');
  expect(met).toEqual(['on']);
});
