import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { formatAgo, formatDay, formatDuration, formatMoment, formatTime } from './format-time.ts';

const at = new Date(2026, 2, 29, 10, 42).getTime();

beforeEach(() => vi.stubGlobal('navigator', { languages: ['en-US', 'de-DE'] }));
afterEach(() => vi.unstubAllGlobals());

test("[C1] times are written as the person's language and region do", () => {
  expect(formatTime(at, 'de')).toBe('10:42');
  expect(formatTime(at, 'en')).toMatch(/^10:42\sAM$/);
  vi.stubGlobal('navigator', { languages: ['fr', 'en-GB'] });
  expect(formatTime(at, 'en')).toBe('10:42');
  expect(formatTime(at, 'de')).toBe('10:42');
});

test('[M5] durations count on in minutes and then in hours', () => {
  expect([0, 7_900, 271_000, 3_599_999, 3_871_000, -5].map(formatDuration)).toEqual([
    '0:00',
    '0:07',
    '4:31',
    '59:59',
    '1:04:31',
    '0:00',
  ]);
});

test('[C1] days close by have names, others their date', () => {
  const dayMs = 86_400_000;
  expect(formatDay(at, at, 'en')).toBe('Today');
  expect(formatDay(at - dayMs, at, 'de')).toBe('Gestern');
  expect(formatDay(at - 3 * dayMs, at, 'en')).toBe('Thursday, March 26');
  expect(formatDay(new Date(2025, 11, 31).getTime(), at, 'de')).toBe('Mittwoch, 31. Dezember 2025');
});

test('[B12] a moment is told by its time today, with the day before that, and with the year where it is another one', () => {
  vi.stubGlobal('navigator', { languages: ['en-GB', 'de-DE'] });
  expect(formatMoment(at, at + 60_000, 'en')).toBe('10:42');
  expect(formatMoment(at, at + 86_400_000, 'en')).toBe('29 Mar, 10:42');
  expect(formatMoment(at, at + 86_400_000, 'de')).toBe('29. März, 10:42');
  expect(formatMoment(new Date(2025, 11, 31, 9, 5).getTime(), at, 'de')).toBe('31.12.2025, 09:05');
});

test('[C1] midnight parts the days, also when the clocks change between them', () => {
  const [lateEvening, earlyMorning] = [new Date(2026, 2, 28, 23, 59), new Date(2026, 2, 29, 0, 1)];
  expect(formatDay(lateEvening.getTime(), earlyMorning.getTime(), 'en')).toBe('Yesterday');
});

test('[A5] how long ago is said in the largest unit that fits', () => {
  expect(formatAgo(at, at + 59_000, 'en')).toBe('now');
  expect(formatAgo(at, at - 5_000, 'en')).toBe('now');
  expect(formatAgo(at, at + 5 * 60_000, 'en')).toBe('5 minutes ago');
  expect(formatAgo(at, at + 2 * 3_600_000, 'de')).toBe('vor 2 Stunden');
  expect(formatAgo(at, at + 3 * 86_400_000, 'en')).toBe('3 days ago');
});
