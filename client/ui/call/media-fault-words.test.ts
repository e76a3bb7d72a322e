import { expect, test } from 'vitest';
import type { BrowserKind } from '../../../media/browser/browser-name.ts';
import { mediaFaultCodes } from '../../../media/browser/media-errors.ts';
import { setLanguage } from '../language.ts';
import { sayMediaFault } from './media-fault-texts.ts';
import { canTryAgain, toMediaFaultKey } from './media-fault-words.ts';

const browserNames: BrowserKind['name'][] = ['chrome', 'edge', 'firefox', 'safari', 'other'];
const browsers = browserNames.flatMap((name) => [
  { name, isMobile: false, isApple: false },
  { name, isMobile: true, isApple: false },
  { name, isMobile: true, isApple: true },
]);

test.each(['en', 'de'] as const)('[M14] each fault says in each browser what to do (%s)', (language) => {
  setLanguage(language);
  for (const code of mediaFaultCodes) {
    for (const browser of browsers) {
      const device = sayMediaFault('microphone');
      const words = sayMediaFault(toMediaFaultKey(code, browser), { device });
      expect(words).toContain(device);
      expect(words).not.toMatch(/[{}]/);
      expect(words.length).toBeGreaterThan(60);
    }
  }
  setLanguage('en');
});

test('[M14] a refusal is explained differently in Chrome, Edge, Firefox and Safari', () => {
  const keys = browsers
    .filter(({ isMobile }) => !isMobile)
    .map((browser) => toMediaFaultKey('refused-by-person', browser));
  expect(new Set(keys).size).toBe(5);
});

test('[M14] trying again is offered only where it can help', () => {
  expect(mediaFaultCodes.filter((code) => !canTryAgain(code))).toEqual([
    'refused-by-page',
    'insecure-page',
    'unsupported',
  ]);
});
