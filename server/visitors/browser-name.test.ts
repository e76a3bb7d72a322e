import { describe, expect, test } from 'vitest';
import { toBrowserName } from './browser-name.ts';

describe('what an agent reads about a browser', () => {
  test.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
      'Chrome 141 on Windows',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox 143 on Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari 18 on iOS',
    ],
  ])('[A6] %s', (userAgent, expected) => expect(toBrowserName(userAgent)).toBe(expected));

  test.each([undefined, '', ' ', '????', '\u0000'])('[A6] %j says nothing that a person could use', (userAgent) =>
    expect(toBrowserName(userAgent)).toBeNull(),
  );

  test('[O5] a header of a hundred thousand characters is read in no time', () => {
    const startedAt = performance.now();
    toBrowserName('Mozilla/5.0 ('.repeat(8_000));
    toBrowserName(`${'a '.repeat(50_000)}Chrome/141`);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
