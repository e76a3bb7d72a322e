import { expect, test } from 'vitest';
import { findChromium, findHeadlessShell } from './chromium.mjs';

test('[O1] a browser that CHROMIUM_PATH names is taken as it is', () => {
  expect(findChromium({ CHROMIUM_PATH: process.execPath, PATH: '' })).toBe(process.execPath);
});

test('[O1] a CHROMIUM_PATH that leads nowhere is told with what it says and a good example', () => {
  expect(() => findChromium({ CHROMIUM_PATH: '/no/such/browser' })).toThrow(/\/no\/such\/browser.*Example/);
});

test('[O1] without a browser in the path none is found', () => {
  expect(findChromium({ PATH: '' }, 'linux')).toBeUndefined();
});

test('[O1] who names the browser gets no other beside it', () => {
  expect(findHeadlessShell({ CHROMIUM_PATH: process.execPath, PATH: process.env.PATH })).toBeUndefined();
});
