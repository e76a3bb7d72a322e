import { expect, test } from 'vitest';
import { RequestError } from '../../connection/request-error.ts';
import { createManualClock, settle } from '../../connection/testing/manual-clock.ts';
import { createAssetSender, type AssetQuestion } from './asset-sender.ts';

const HASH = 'a'.repeat(64);

function openSender() {
  const clock = createManualClock();
  const asked: AssetQuestion[] = [];
  const answers: {
    answer(isKnown: boolean): Promise<void>;
    refuse(code: 'rate-limited' | 'limit-reached' | 'bad-input'): Promise<void>;
  }[] = [];
  let busyBytes = 0;
  const sender = createAssetSender({
    clock,
    busyBytes: () => busyBytes,
    send(question) {
      asked.push(question);
      return new Promise((resolve, reject) => {
        answers.push({
          answer(isKnown) {
            resolve({ isKnown });
            return settle();
          },
          refuse(code) {
            reject(new RequestError({ code, message: code, details: { retryAfterMs: 3_000 } }));
            return settle();
          },
        });
      });
    },
  });
  return {
    clock,
    sender,
    asked,
    next: () => answers.shift()!,
    setBusy: (bytes: number) => void (busyBytes = bytes),
    add: (assetKey: number, byteCount: number) =>
      sender.add({ assetKey, hash: HASH, url: null, bytes: new ArrayBuffer(byteCount) }),
  };
}

test('[B5] a picture that the server has already is not sent again', async () => {
  const page = openSender();
  page.add(1, 100_000);
  expect(page.asked).toMatchObject([{ assetKey: 1, hash: HASH, totalBytes: 100_000, data: null }]);
  await page.next().answer(true);
  expect(page.asked).toHaveLength(1);
});

test('[B5] one that it does not have follows in pieces', async () => {
  const page = openSender();
  page.add(1, 150_000);
  await page.next().answer(false);
  await page.next().answer(false);
  await page.next().answer(false);
  await page.next().answer(true);
  expect(page.asked.map(({ offset, data }) => [offset, data?.byteLength ?? 0])).toEqual([
    [0, 0],
    [0, 64_000],
    [64_000, 64_000],
    [128_000, 22_000],
  ]);
});

test('[B5] pictures come two at a time and stand back for frames', async () => {
  const page = openSender();
  for (let key = 0; key < 5; key += 1) page.add(key, 10);
  expect(page.asked).toHaveLength(2);
  page.setBusy(200_000);
  await page.next().answer(true);
  await page.clock.advance(1_000);
  expect(page.asked).toHaveLength(2);
  page.setBusy(0);
  await page.clock.advance(100);
  expect(page.asked).toHaveLength(3);
});

test('[O5] too much and too large are dropped, a limit of the server is kept to', async () => {
  const page = openSender();
  page.add(1, 262_145);
  page.add(2, 0);
  expect(page.asked).toEqual([]);
  page.add(3, 10);
  await page.next().refuse('rate-limited');
  await page.clock.advance(2_999);
  expect(page.asked).toHaveLength(1);
  await page.clock.advance(1);
  expect(page.asked).toMatchObject([{ assetKey: 3 }, { assetKey: 3 }]);
  await page.next().refuse('bad-input');
  page.add(4, 10);
  await page.next().refuse('limit-reached');
  page.add(5, 10);
  expect(page.asked).toHaveLength(3);
});
