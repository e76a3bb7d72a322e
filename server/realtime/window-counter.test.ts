import { beforeEach, describe, expect, test } from 'vitest';
import { createWindowCounter } from './window-counter.ts';
import type { WindowCounter } from './window-counter.ts';

describe('counting in windows', () => {
  let now: number;
  let counter: WindowCounter;
  beforeEach(() => {
    now = 0;
    counter = createWindowCounter({ points: 3, durationMs: 1_000 }, () => now);
  });

  const take = (times: number, key = 'ana') => Array.from({ length: times }, () => counter.take(key));

  test('[SE7] what is over the limit waits until the window that its first one began has ended', () => {
    expect(take(4)).toEqual([0, 0, 0, 1_000]);
    now = 999.5;
    expect(take(1)).toEqual([1]);
    now = 1_000;
    expect(take(4)).toEqual([0, 0, 0, 1_000]);
  });

  test('[SE7] asking on while refused does not make the wait longer', () => {
    take(50);
    now = 600;
    expect(take(1)).toEqual([400]);
  });

  test('[SE7] keys do not hinder one another, whatever they are called', () => {
    take(9);
    for (const key of ['ben', '', '__proto__', 'constructor']) expect(take(4, key)).toEqual([0, 0, 0, 1_000]);
  });

  test('[O5] a flood of keys is forgotten once their windows are over', () => {
    for (let index = 0; index < 10_000; index += 1) counter.take(`made up ${index}`);
    expect(counter.size).toBe(10_000);
    now = 2_000;
    take(1);
    expect(counter.size).toBe(1);
  });
});
