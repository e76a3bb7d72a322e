import { EventType } from '@rrweb/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StreamEvent } from '../stream-events.ts';
import { createEventBatch, type EventBatch } from './event-batch.ts';

const meta: StreamEvent = {
  type: EventType.Meta,
  timestamp: 1,
  data: { href: 'https://x.example/', width: 1, height: 1 },
};
const own = (text: string): StreamEvent => ({
  type: EventType.Custom,
  timestamp: 1,
  data: { tag: 'foyer:route', payload: text },
});

let sent: { events: string; isKey: boolean }[];
let ticks: number[];
let mayShare: boolean;
let batch: EventBatch;

beforeEach(() => {
  vi.useFakeTimers();
  [sent, ticks, mayShare] = [[], [], true];
  batch = createEventBatch(
    () => mayShare,
    (events, isKey) => sent.push({ events, isKey }),
    (tickMs) => ticks.push(tickMs),
  );
});
afterEach(() => {
  batch.close();
  vi.useRealTimers();
});

test('[B5] nothing goes out before a key frame, and that with all that came along with it', () => {
  batch.add(own('before'));
  vi.advanceTimersByTime(1_000);
  expect(sent).toEqual([]);
  batch.add(meta);
  batch.add(own('with it'));
  vi.advanceTimersByTime(1_000);
  expect(sent).toEqual([{ events: JSON.stringify([meta, own('with it')]), isKey: true }]);
  batch.add(own('later'));
  vi.advanceTimersByTime(50);
  expect(sent.at(-1)).toEqual({ events: JSON.stringify([own('later')]), isKey: false });
});

test('[B5] a page that sends too much is told of in larger steps, and in small ones again once it is calm', () => {
  batch.add(meta);
  vi.advanceTimersByTime(0);
  const load = (length: number, forMs: number) => {
    for (let passed = 0; passed < forMs; passed += 50) {
      batch.add(own('x'.repeat(length)));
      vi.advanceTimersByTime(50);
    }
  };
  load(20_000, 4_000);
  expect(ticks).toEqual([100]);
  load(100_000, 4_000);
  expect(ticks.at(-1)).toBe(500);
  load(10, 60_000);
  expect(ticks.at(-1)).toBe(50);
});

test('[B4] what was gathered is not sent once nothing may be shared any more', () => {
  batch.add(meta);
  vi.advanceTimersByTime(0);
  batch.add(own('private by now'));
  mayShare = false;
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(1);
});
