import { describe, expect, test } from 'vitest';
import { findSelectorFault } from './selector-syntax.ts';
import { GOOD_SELECTORS, WRONG_SELECTORS } from './selector-samples.ts';

describe('selectors as browsers read them', () => {
  test.each(GOOD_SELECTORS)('[B4] %s can be read', (selector) => {
    expect(findSelectorFault(selector)).toBeUndefined();
  });

  test.each(WRONG_SELECTORS)('[B4] %j cannot be relied upon', (selector) => {
    expect(findSelectorFault(selector)).toMatch(/./);
  });

  test('[B4] what is wrong is said where it is', () => {
    expect(findSelectorFault('.price, ..total')).toBe('a name is missing after "." at ".total"');
    expect(findSelectorFault('p:not((')).toBe('an element is missing at "("');
    expect(findSelectorFault('[data-x="price')).toBe('a value in quotes is missing at ""price"');
    expect(findSelectorFault('.card:hidden')).toBe('browsers know no ":hidden"');
  });

  test('[O5] a selector made to take long does not', () => {
    for (const piece of [':not(', '[a=', '\\', '/*', ':is(a,', '"', 'a ', '--', '*|']) {
      expect(findSelectorFault(piece.repeat(Math.floor(300 / piece.length)) + '\u0000')).toMatch(/./);
    }
  });
});
