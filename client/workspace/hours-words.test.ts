import { afterEach, expect, test } from 'vitest';
import type { AgentView } from '../../protocol/accounts.ts';
import { setLanguage } from '../ui/language.ts';
import { agentAda } from './desk-fixtures.ts';
import { sayHours } from './hours-words.ts';

type Closed = AgentView['departments'][number]['closed'];

const SUNDAY_NOON = new Date(2026, 10, 22, 12).getTime();
const MONDAY_NINE = new Date(2026, 10, 23, 9).getTime();

afterEach(() => setLanguage('en'));

function departments(...closed: Closed[]): AgentView['departments'] {
  const [orders] = agentAda().departments;
  if (orders === undefined) throw new Error('Ada works in no department.');
  return closed.map((each, index) => ({ ...orders, name: index === 0 ? 'Orders' : 'Returns', closed: each }));
}

test('[PR9] an agent reads that requests ring while every department is open', () => {
  expect(sayHours(departments(null, null), SUNDAY_NOON)).toBe('Requests ring here.');
});

test('[PR9] outside business hours an agent reads what visitors see, and when it opens', () => {
  const leaving = departments({ opensAt: MONDAY_NINE, whenUnavailable: 'leave-message' });
  expect(sayHours(leaving, SUNDAY_NOON)).toMatch(
    /^Closed now by business hours; visitors see “Leave a message”\. Opens again: .*Monday.*23.*9:00/,
  );
  const hiding = departments({ opensAt: null, whenUnavailable: 'hide' });
  expect(sayHours(hiding, SUNDAY_NOON)).toBe('Closed now by business hours; visitors see no button.');
  setLanguage('de');
  expect(sayHours(hiding, SUNDAY_NOON)).toBe('Jetzt außerhalb der Geschäftszeiten; Besucher sehen keinen Knopf.');
});

test('[PR9] where one department of several is closed its name is said', () => {
  const some = departments(null, { opensAt: MONDAY_NINE, whenUnavailable: 'hide' });
  expect(sayHours(some, SUNDAY_NOON)).toBe('Requests ring here. Closed now by business hours: Returns.');
});
