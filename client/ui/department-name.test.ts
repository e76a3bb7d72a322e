import { afterEach, expect, test } from 'vitest';
import { toDepartmentName } from './department-name.ts';
import { setLanguage } from './language.ts';

afterEach(() => setLanguage('en'));

test('[A10] a department is called by its name in the reader’s language, else by the one it has', () => {
  const returns = { name: 'Returns', names: { en: 'Returns', de: 'Retouren' } };
  const orders = { name: 'Orders', names: { en: 'Orders' } };
  // As an older server tells it.
  const bare = { name: 'Sales' };
  expect([returns, orders, bare].map(toDepartmentName)).toEqual(['Returns', 'Orders', 'Sales']);
  setLanguage('de');
  expect([returns, orders, bare].map(toDepartmentName)).toEqual(['Retouren', 'Orders', 'Sales']);
});
