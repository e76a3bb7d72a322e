import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCoalescer } from './coalesce.ts';

describe('telling once what many changes make true', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('[V10] a hundred wishes for one key are one piece of work, each key has its own', async () => {
    const done: string[] = [];
    const coalescer = createCoalescer<string>(async (key) => void done.push(key), { delayMs: 50, onError: () => {} });
    for (let index = 0; index < 100; index += 1) coalescer.ask('a');
    coalescer.ask('b');
    expect(done).toEqual([]);
    await vi.advanceTimersByTimeAsync(50);
    expect(done).toEqual(['a', 'b']);
    coalescer.ask('a');
    await vi.advanceTimersByTimeAsync(50);
    expect(done).toEqual(['a', 'b', 'a']);
  });

  test('[V10] what is asked during the work is done once afterwards, never at the same time', async () => {
    const steps: string[] = [];
    const gates: (() => void)[] = [];
    const coalescer = createCoalescer<string>(
      async () => {
        steps.push('begin');
        await new Promise<void>((resolve) => gates.push(resolve));
        steps.push('end');
      },
      { delayMs: 10, onError: () => {} },
    );
    coalescer.ask('a');
    await vi.advanceTimersByTimeAsync(10);
    coalescer.ask('a');
    coalescer.ask('a');
    await vi.advanceTimersByTimeAsync(100);
    expect(steps).toEqual(['begin']);
    gates[0]?.();
    await vi.advanceTimersByTimeAsync(10);
    expect(steps).toEqual(['begin', 'end', 'begin']);
    gates[1]?.();
    await vi.advanceTimersByTimeAsync(100);
    expect(steps).toEqual(['begin', 'end', 'begin', 'end']);
  });

  test('[O5] work that fails is reported and may be asked for again', async () => {
    const faults: unknown[] = [];
    let runs = 0;
    const coalescer = createCoalescer<string>(
      async () => {
        runs += 1;
        throw new Error('no');
      },
      { delayMs: 10, onError: (error) => faults.push(error) },
    );
    coalescer.ask('a');
    await vi.advanceTimersByTimeAsync(10);
    coalescer.ask('a');
    await vi.advanceTimersByTimeAsync(10);
    expect(runs).toBe(2);
    expect(faults).toHaveLength(2);
  });

  test('[O4] nothing runs any more after closing, neither what waited nor what is asked', async () => {
    let runs = 0;
    const coalescer = createCoalescer<string>(async () => void (runs += 1), { delayMs: 10, onError: () => {} });
    coalescer.ask('a');
    coalescer.close();
    coalescer.close();
    coalescer.ask('b');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
