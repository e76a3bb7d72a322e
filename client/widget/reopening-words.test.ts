import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { setLanguage } from '../ui/language.ts';
import { sayReopening } from './reopening-words.ts';

/** Saturday noon in Berlin. */
const now = Date.parse('2026-11-21T11:00:00Z');
const monday = { at: Date.parse('2026-11-23T08:00:00Z'), timeZone: 'Europe/Berlin', occasion: null };

beforeEach(() => vi.stubGlobal('navigator', { languages: ['en-GB', 'de-DE'] }));
afterEach(() => {
  setLanguage('en');
  vi.unstubAllGlobals();
});

test('[PR11] a visitor reads on which day and at what time somebody is there again', () => {
  expect(sayReopening(monday, now, 'Europe/Berlin')).toBe('We are back on Monday at 9:00.');
  expect(sayReopening(monday, now, 'Europe/Rome')).toBe('We are back on Monday at 9:00.');
  setLanguage('de');
  expect(sayReopening(monday, now, 'Europe/Berlin')).toBe('Wir sind am Montag um 9:00 Uhr wieder da.');
});

test('[PR11] a visitor in another time zone reads the own time beside it', () => {
  expect(sayReopening(monday, now, 'Asia/Kolkata')).toBe('We are back on Monday at 9:00 (your time: 13:30).');
  expect(sayReopening(monday, now, 'America/Los_Angeles')).toBe('We are back on Monday at 9:00 (your time: 0:00).');
  expect(sayReopening(monday, now, 'Pacific/Honolulu')).toBe(
    'We are back on Monday at 9:00 (your time: Sunday 22:00).',
  );
  setLanguage('de');
  expect(sayReopening(monday, now, 'Pacific/Honolulu')).toBe(
    'Wir sind am Montag um 9:00 Uhr wieder da (bei Ihnen Sonntag 22:00 Uhr).',
  );
});

test('[PR11] today and tomorrow are called so only where they are the same day for both', () => {
  const evening = Date.parse('2026-11-22T20:00:00Z');
  expect(sayReopening(monday, evening, 'Europe/Berlin')).toBe('We are back tomorrow at 9:00.');
  expect(sayReopening(monday, Date.parse('2026-11-22T23:00:00Z'), 'Europe/Berlin')).toBe('We are back today at 9:00.');
  expect(sayReopening(monday, evening, 'Asia/Kolkata')).toContain('on Monday at 9:00');
  setLanguage('de');
  expect(sayReopening(monday, evening, 'Europe/Berlin')).toBe('Wir sind morgen um 9:00 Uhr wieder da.');
});

test('[PR11] a day farther than a week has its date, and a holiday its name', () => {
  const occasion = { en: 'Company holidays' };
  const far = { ...monday, at: Date.parse('2027-01-04T08:00:00Z'), occasion };
  expect(sayReopening(far, now, 'Europe/Berlin')).toBe(
    'Closed today: Company holidays. We are back on Monday 4 January at 9:00.',
  );
  setLanguage('de');
  expect(sayReopening({ ...far, occasion: { ...occasion, de: 'Betriebsferien' } }, now, 'Europe/Berlin')).toBe(
    'Heute geschlossen: Betriebsferien. Wir sind am Montag, 4. Januar um 9:00 Uhr wieder da.',
  );
  expect(sayReopening(far, now, 'Europe/Berlin')).toContain('Company holidays');
});

test('[PR11] nothing is said of a moment that has passed', () => {
  expect(sayReopening(monday, monday.at, 'Europe/Berlin')).toBeNull();
});

test('[PR11] a browser that does not know the zone of the site says the own time', () => {
  expect(sayReopening({ ...monday, timeZone: 'Mars/Base' }, now, 'Asia/Kolkata')).toBe(
    'We are back on Monday at 13:30.',
  );
});
