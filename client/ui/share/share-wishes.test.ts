import { expect, test, vi } from 'vitest';
import { RequestError } from '../../connection/request-error.ts';
import { createManualClock, settle } from '../../connection/testing/manual-clock.ts';
import { createShareWishes } from './share-wishes.ts';
import { createFakeShareLink } from '../../widget/share/testing/fake-share-link.ts';

const away = new RequestError({ code: 'timeout', message: 'away' });
const no = new RequestError({ code: 'forbidden', message: 'no' });

test('[B3] decisions reach the server in their order, each once it has heard the one before', async () => {
  const wishes = createShareWishes(createFakeShareLink(), createManualClock());
  const heard: number[] = [];
  let finish: (() => void) | undefined;
  wishes.add({ send: () => new Promise<void>((resolve) => void ((finish = resolve), heard.push(1))) });
  wishes.add({ send: async () => void heard.push(2) });
  await settle();
  expect(heard).toEqual([1]);
  finish?.();
  await settle();
  expect(heard).toEqual([1, 2]);
});

test('[B3] a decision waits for the line and is said again until it has been heard', async () => {
  const link = createFakeShareLink();
  const clock = createManualClock();
  const wishes = createShareWishes(link, clock);
  link.state.value = 'reconnecting';
  const send = vi.fn<() => Promise<void>>().mockRejectedValueOnce(away).mockResolvedValue();
  wishes.add({ send });
  expect(send).not.toHaveBeenCalled();
  link.state.value = 'online';
  expect(send).toHaveBeenCalledTimes(1);
  await clock.advance(1_000);
  expect(send).toHaveBeenCalledTimes(2);
  await clock.advance(60_000);
  expect(send).toHaveBeenCalledTimes(2);
});

test('[B2] END waits for nothing that was decided before, and a refusal is told once', async () => {
  const clock = createManualClock();
  const wishes = createShareWishes(createFakeShareLink(), clock);
  const later = vi.fn<() => Promise<void>>();
  const end = vi.fn<() => Promise<void>>().mockRejectedValue(no);
  const onRefused = vi.fn<(code: string) => void>();
  wishes.add({ send: () => new Promise(() => undefined) });
  wishes.add({ send: later });
  wishes.replaceAll({ send: end, onRefused });
  expect(end).toHaveBeenCalledOnce();
  await clock.advance(60_000);
  expect(later).not.toHaveBeenCalled();
  expect(end).toHaveBeenCalledOnce();
  expect(onRefused).toHaveBeenCalledExactlyOnceWith('forbidden');
});
