import { expect, test } from 'vitest';
import { createManualClock, settle } from '../../connection/testing/manual-clock.ts';
import { createSeededRandom } from '../../connection/testing/seeded-random.ts';
import { createFrameSender, type FramePiece } from './frame-sender.ts';

/** A line whose other end confirms when the test says so. */
function openLine() {
  const clock = createManualClock();
  const sent: FramePiece[] = [];
  const waiting: { confirm(): void; refuse(reason: unknown): void }[] = [];
  const heard: string[] = [];
  const sender = createFrameSender({
    clock,
    send(piece) {
      sent.push(piece);
      return new Promise<void>((confirm, refuse) => waiting.push({ confirm, refuse }));
    },
    onFull: () => heard.push('full'),
    onDrained: () => heard.push('drained'),
    onFailed: () => heard.push('failed'),
  });
  return {
    clock,
    sender,
    sent,
    heard,
    add: (byteCount: number, isKey = false) => sender.add({ isKey, data: new Uint8Array(byteCount).fill(7) }),
    async confirm(count = waiting.length) {
      for (const { confirm } of waiting.splice(0, count)) confirm();
      await settle();
    },
    async refuse() {
      waiting.shift()?.refuse(new Error('no'));
      await settle();
    },
    waitingCount: () => waiting.length,
  };
}

test('[B5] frames are numbered without gaps, cut into pieces, and sent without waiting for each answer', () => {
  const line = openLine();
  line.add(150_000, true);
  line.add(10);
  expect(line.sent.map(({ seq, isKey, isLast, data }) => [seq, isKey, isLast, data.byteLength])).toEqual([
    [0, true, false, 64_000],
    [0, true, false, 64_000],
    [0, true, true, 22_000],
    [1, false, true, 10],
  ]);
});

test('[B5] only so much is with the line at once; the rest follows what is confirmed', async () => {
  const line = openLine();
  line.add(640_000, true);
  expect(line.sent).toHaveLength(4);
  await line.confirm(1);
  expect(line.sent).toHaveLength(5);
  await line.confirm();
  await line.confirm();
  await line.confirm();
  expect(line.sent).toHaveLength(10);
  expect(line.sent.at(-1)?.isLast).toBe(true);
  expect(line.sender.unconfirmedBytes()).toBe(0);
});

test('[B5] a line that takes too little is given a fresh key frame instead of a queue', async () => {
  const line = openLine();
  line.add(1_000, true);
  for (let index = 0; index < 60; index += 1) line.add(10_000);
  expect(line.heard).toEqual(['full']);
  line.add(10_000);
  const sentBefore = line.sent.length;
  while (line.waitingCount() > 0) await line.confirm();
  expect(line.heard).toEqual(['full', 'drained']);
  // What had not been begun was dropped, and its numbers were never used.
  expect(line.sent).toHaveLength(sentBefore);
  line.add(500, true);
  line.add(20);
  const seqs = line.sent.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => index));
  expect(line.sent.slice(-2).map(({ isKey }) => isKey)).toEqual([true, false]);
});

test('[B5] a frame that is older than five seconds is no live picture any more', async () => {
  const line = openLine();
  line.add(1_000, true);
  await line.confirm();
  line.add(10);
  await line.clock.advance(4_999);
  expect(line.heard).toEqual([]);
  await line.clock.advance(1);
  expect(line.heard).toEqual(['full']);
  await line.confirm();
  expect(line.heard).toEqual(['full', 'drained']);
});

test('[B5] a key frame may take its time on a slow line, and what follows counts from its arrival', async () => {
  const line = openLine();
  line.add(60_000, true);
  line.add(10);
  await line.clock.advance(30_000);
  expect(line.heard).toEqual([]);
  await line.confirm(1);
  await line.clock.advance(4_999);
  expect(line.heard).toEqual([]);
  await line.clock.advance(1);
  expect(line.heard).toEqual(['full']);
});

test('[B5] a frame that has been begun is finished, so that no half frame is left at the other end', async () => {
  const line = openLine();
  line.add(100, true);
  await line.confirm();
  // The window takes four pieces of it.
  line.add(500_000);
  line.add(100_000);
  expect(line.heard).toEqual(['full']);
  while (line.waitingCount() > 0) await line.confirm();
  expect(line.sent.at(-1)).toMatchObject({ seq: 1, isLast: true });
  expect(line.heard).toEqual(['full', 'drained']);
});

test('[B5] a refused piece is told once and ends the line', async () => {
  const line = openLine();
  line.add(1_000, true);
  line.add(10);
  await line.refuse();
  await line.refuse();
  line.add(10, true);
  expect(line.heard).toEqual(['failed']);
  expect(line.sent).toHaveLength(2);
});

test('[B5] whatever the line does, numbers have no gap, frames are whole and each follows its key frame', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const { next: random } = createSeededRandom(seed);
    const line = openLine();
    let isSilent = true;
    let fullCount = 0;
    for (let step = 0; step < 300; step += 1) {
      const dice = random();
      if (line.heard.filter((word) => word === 'full').length > fullCount) {
        fullCount += 1;
        isSilent = true;
      }
      if (dice < 0.05 || (isSilent && dice < 0.5)) {
        line.add(Math.ceil(random() * 400_000), true);
        isSilent = false;
      } else if (dice < 0.6 && !isSilent) line.add(Math.ceil(random() * 60_000));
      else if (dice < 0.9) await line.confirm(Math.ceil(random() * 4));
      else await line.clock.advance(random() * 3_000);
    }
    const pieces = line.sent;
    for (const [index, piece] of pieces.entries()) {
      const before = pieces[index - 1];
      if (before === undefined) expect(piece).toMatchObject({ seq: 0, isKey: true });
      else if (before.isLast) expect(piece.seq).toBe(before.seq + 1);
      else expect(piece).toMatchObject({ seq: before.seq, isKey: before.isKey });
    }
    expect(line.sender.unconfirmedBytes()).toBeLessThan(256_000 + 64_000 + 512_000 + 3 * 400_000);
  }
});
