import { expect, test } from 'vitest';
import { toWaitTone } from './waiting.ts';

test('[C14] waiting turns amber after half a minute and red after two', () => {
  expect([0, 29_999, 30_000, 119_999, 120_000].map(toWaitTone)).toEqual(['plain', 'plain', 'warn', 'warn', 'bad']);
});
