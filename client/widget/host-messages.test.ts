import { expect, test } from 'vitest';
import { readHello, readHostMessage } from './host-messages.ts';

const page = { url: 'https://shop.example/basket', title: 'Basket', referrer: '' };

test('[V1] the widget listens only to the greeting of its own loader', () => {
  expect(readHello({ foyer: 'connect', page, isFullScreen: true })).toEqual({ page, isFullScreen: true });
  for (const foreign of [
    null,
    'connect',
    7,
    {},
    { foyer: 'other', page },
    { foyer: 'connect' },
    { foyer: 'connect', page: { url: 1 } },
  ]) {
    expect(readHello(foreign)).toBeUndefined();
  }
});

test('[V1] commands of the page are understood, whatever else it sends is ignored', () => {
  const command = (name: unknown, options?: unknown) => readHostMessage({ type: 'command', name, options });
  expect(command('open')).toEqual({ kind: 'open' });
  expect(command('open', { modality: 'video' })).toEqual({ kind: 'open', modality: 'video' });
  expect(command('open', { modality: 'smoke signals' })).toEqual({ kind: 'open' });
  expect(command('close', null)).toEqual({ kind: 'close' });
  expect(command('identify', { name: 'Ana', email: 7 })).toEqual({ kind: 'identify', name: 'Ana' });
  expect(command('explode')).toBeUndefined();
  expect(command({ toString: () => 'open' })).toBeUndefined();
  expect(readHostMessage({ type: 'layout' })).toBeUndefined();
  expect(readHostMessage(undefined)).toBeUndefined();
});

test('[V1] page facts are cut to what the server takes', () => {
  const long = { url: `https://shop.example/${'x'.repeat(5_000)}`, title: 'y'.repeat(900), referrer: 3 };
  const event = readHostMessage({ type: 'page', page: long });
  expect(event).toMatchObject({ kind: 'page', page: { referrer: '' } });
  expect(event?.kind === 'page' && [event.page.url.length, event.page.title.length]).toEqual([2_048, 300]);
});

test('[V1] the query of a page and of the one before it goes no further than the widget', () => {
  const url = 'https://shop.example/reset?token=s3cret&utm_source=mail';
  const heard = readHostMessage({ type: 'page', page: { url, title: 'Reset', referrer: `${url}#x` } });
  const reported = 'https://shop.example/reset?utm_source=mail';
  expect(heard).toEqual({ kind: 'page', page: { url: reported, title: 'Reset', referrer: reported } });
  const hello = readHello({ foyer: 'connect', page: { url, title: 'Reset', referrer: '' } });
  expect(hello?.page.url).toBe(reported);
});
