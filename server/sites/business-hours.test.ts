import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../client/connection/testing/seeded-random.ts';
import type { SeededRandom } from '../../client/connection/testing/seeded-random.ts';
import { businessHours } from './business-hours-settings.ts';
import type { BusinessHours } from './business-hours-settings.ts';
import { findExceptionAt, isOpenAt, nextChangeAfter } from './business-hours.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const at = (time: string): number => Date.parse(time);

function hoursOf(fields: Partial<Record<keyof BusinessHours, unknown>>): BusinessHours {
  return businessHours.parse({ timeZone: 'Europe/Berlin', weekly: {}, ...fields });
}
const everyDay = (...spans: [from: string, to: string][]) =>
  Object.fromEntries(WEEKDAYS.map((day) => [day, spans.map(([from, to]) => ({ from, to }))]));

/** The changes from here on, as moments in UTC. */
function changesAfter(hours: BusinessHours, start: string, count: number): string[] {
  const changes: string[] = [];
  let now = at(start);
  while (changes.length < count) {
    const change = nextChangeAfter(hours, now);
    if (change === null) break;
    changes.push(new Date(change).toISOString().slice(0, 16));
    now = change;
  }
  return changes;
}

describe('opening and closing', () => {
  const office = hoursOf({
    weekly: {
      ...Object.fromEntries(
        ['monday', 'tuesday', 'wednesday', 'thursday'].map((day) => [
          day,
          [
            { from: '09:00', to: '12:30' },
            { from: '13:30', to: '17:00' },
          ],
        ]),
      ),
      friday: [{ from: '09:00', to: '13:00' }],
    },
    exceptions: [{ date: '2026-12-24', spans: [{ from: '09:00', to: '12:00' }] }, { date: '2026-12-25' }],
  });

  test('[PR8] it is open from the first moment of a span to the last before its end', () => {
    expect(isOpenAt(office, at('2026-11-23T08:00:00Z') - 1)).toBe(false);
    expect(isOpenAt(office, at('2026-11-23T08:00:00Z'))).toBe(true);
    expect(isOpenAt(office, at('2026-11-23T11:30:00Z') - 1)).toBe(true);
    expect(isOpenAt(office, at('2026-11-23T11:30:00Z'))).toBe(false);
  });

  test('[PR8] a day may have several spans, and a weekend none', () => {
    expect(changesAfter(office, '2026-11-26T12:00Z', 5)).toEqual([
      '2026-11-26T12:30',
      '2026-11-26T16:00',
      '2026-11-27T08:00',
      '2026-11-27T12:00',
      '2026-11-30T08:00',
    ]);
  });

  test('[PR8] an exception replaces the hours of its date, and is over with it', () => {
    expect(changesAfter(office, '2026-12-23T18:00Z', 3)).toEqual([
      '2026-12-24T08:00',
      '2026-12-24T11:00',
      '2026-12-28T08:00',
    ]);
    expect(findExceptionAt(office, at('2026-12-25T12:00Z'))).toMatchObject({
      exception: { date: '2026-12-25' },
      dayEndsAt: at('2026-12-25T23:00Z'),
    });
    expect(findExceptionAt(office, at('2026-12-25T23:00Z')).exception).toBeUndefined();
  });

  test('[PR8] a span over midnight belongs to the day on which it begins', () => {
    const night = hoursOf({
      weekly: { friday: [{ from: '22:00', to: '06:00' }], saturday: [{ from: '20:00', to: '00:00' }] },
      exceptions: [{ date: '2026-12-04' }, { date: '2026-12-12' }],
    });
    expect(changesAfter(night, '2026-11-27T12:00Z', 8)).toEqual([
      '2026-11-27T21:00',
      '2026-11-28T05:00',
      '2026-11-28T19:00',
      '2026-11-28T23:00',
      // Friday, 4 December, is an exception: no night. On the 11th it goes on into the exception of the 12th.
      '2026-12-05T19:00',
      '2026-12-05T23:00',
      '2026-12-11T21:00',
      '2026-12-12T05:00',
    ]);
  });

  test('[PR8] days that join have no change between them; always and never have none at all', () => {
    const weekdays = hoursOf({
      weekly: { monday: [{ from: '08:00', to: '24:00' }], tuesday: [{ from: '00:00', to: '12:00' }] },
    });
    expect(changesAfter(weekdays, '2026-11-23T08:00Z', 1)).toEqual(['2026-11-24T11:00']);
    expect(nextChangeAfter(hoursOf({ weekly: everyDay(['00:00', '24:00']) }), at('2026-11-23T08:00Z'))).toBeNull();
    expect(nextChangeAfter(hoursOf({}), at('2026-11-23T08:00Z'))).toBeNull();
  });

  test('[PR8] the next change is found beyond months and holidays of many weeks', () => {
    const always = { weekly: everyDay(['00:00', '24:00']), exceptions: [{ date: '2030-01-01' }] };
    expect(changesAfter(hoursOf(always), '2026-11-23T08:00Z', 3)).toEqual(['2029-12-31T23:00', '2030-01-01T23:00']);
    const dates = Array.from({ length: 40 }, (_, index) => new Date(at('2027-07-01') + index * DAY_MS).toISOString());
    const summer = {
      weekly: everyDay(['09:00', '17:00']),
      exceptions: dates.map((date) => ({ date: date.slice(0, 10) })),
    };
    expect(changesAfter(hoursOf(summer), '2027-06-30T16:00Z', 1)).toEqual(['2027-08-10T07:00']);
  });

  test('[PR8] an hour that comes twice does not cut a span in two, one that is skipped is not missed', () => {
    const spans = { weekly: everyDay(['01:00', '02:30'], ['02:45', '04:00']) };
    // 25 October 2026: 03:00 becomes 02:00. Open from the first to the last time that the clock shows it.
    expect(changesAfter(hoursOf(spans), '2026-10-24T12:00Z', 2)).toEqual(['2026-10-24T23:00', '2026-10-25T03:00']);
    // 29 March 2026: 02:00 becomes 03:00, so the end of one span and the beginning of the other fall together.
    expect(changesAfter(hoursOf(spans), '2026-03-28T12:00Z', 2)).toEqual(['2026-03-29T00:00', '2026-03-29T02:00']);
  });

  test('[PR8] a span that lies in a skipped hour, or on a skipped date, opens on the next one', () => {
    const gap = hoursOf({ weekly: { sunday: [{ from: '02:00', to: '03:00' }] } });
    expect(changesAfter(gap, '2026-03-23T00:00Z', 1)).toEqual(['2026-04-05T00:00']);
    // Samoa went from 29 to 31 December 2011.
    const samoa = hoursOf({ timeZone: 'Pacific/Apia', weekly: everyDay(['09:00', '17:00']) });
    expect(changesAfter(samoa, '2011-12-30T00:00Z', 3)).toEqual([
      '2011-12-30T03:00',
      '2011-12-30T19:00',
      '2011-12-31T03:00',
    ]);
  });
});

/** Every minute of a window with what the wall clock shows, read the plain and slow way. */
function readWalls(timeZone: string, start: number, minutes: number): { instant: number; wall: number }[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return Array.from({ length: minutes }, (_, index) => {
    const instant = start + index * MINUTE_MS;
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return { instant, wall: Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) };
  });
}

/** The rule word for word: open from the first to the last minute at which the clock shows a time of the span. */
function scan(hours: BusinessHours, walls: { wall: number }[]): boolean[] {
  const isOpen = walls.map(() => false);
  const shown = walls.map(({ wall }) => wall);
  const days = new Set(shown.flatMap((wall) => [Math.floor(wall / DAY_MS) - 1, Math.floor(wall / DAY_MS)]));
  for (const day of days) {
    const date = new Date(day * DAY_MS);
    const weekday = WEEKDAYS[date.getUTCDay()] ?? 'sunday';
    const exception = hours.exceptions.find((known) => known.date === date.toISOString().slice(0, 10));
    for (const { from, to } of exception?.spans ?? hours.weekly[weekday]) {
      const start = day * DAY_MS + toMinutes(from) * MINUTE_MS;
      const length = toMinutes(to) - toMinutes(from);
      const end = start + (length > 0 ? length : length + 24 * 60) * MINUTE_MS;
      const first = shown.findIndex((wall) => wall >= start);
      const last = shown.findLastIndex((wall) => wall < end);
      if (first >= 0) for (let index = first; index <= last; index += 1) isOpen[index] = true;
    }
  }
  return isOpen;
}

function toMinutes(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

/** Every third edge lies in the night, where clocks are changed. */
function randomHours(random: SeededRandom, timeZone: string, dates: readonly string[]): BusinessHours {
  const time = (): string => {
    const minutes = random.chance(0.4) ? random.below(4 * 12) * 5 : random.below(24 * 12) * 5;
    return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  };
  const spans = () =>
    Array.from({ length: random.below(4) }, () => {
      const [from, to] = [time(), random.chance(0.1) ? '24:00' : time()];
      return from === to ? { from: '00:00', to: '24:00' } : { from, to };
    });
  return businessHours.parse({
    timeZone,
    weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, spans()])),
    exceptions: dates.filter(() => random.chance(0.3)).map((date) => ({ date, spans: spans() })),
  });
}

describe('against a scan of every minute', () => {
  const MARGIN_DAYS = 3;
  const WINDOW_DAYS = 3;

  test.each([
    ['Europe/Berlin', '2026-03-28', 'an hour is skipped'],
    ['Europe/Berlin', '2026-10-24', 'an hour comes twice'],
    ['America/New_York', '2026-03-07', 'an hour is skipped'],
    ['America/New_York', '2026-10-31', 'an hour comes twice'],
    ['America/Santiago', '2026-04-04', 'the last hour of a day comes twice'],
    ['America/Havana', '2026-03-07', 'a day begins at one o’clock'],
    ['America/St_Johns', '2010-11-06', 'a day begins, and one minute later the day before is back'],
    ['Australia/Lord_Howe', '2026-04-04', 'half an hour comes twice'],
    ['Asia/Kolkata', '2026-06-15', 'nothing happens, half an hour beside the others'],
    ['Pacific/Apia', '2011-12-29', 'a date is left out'],
    ['Pacific/Apia', '2026-06-15', 'nothing happens, far ahead'],
  ])('[PR8] %s around %s, where %s', (timeZone, date, _what) => {
    const random = createSeededRandom(Date.parse(date) / DAY_MS);
    const start = at(date) - MARGIN_DAYS * DAY_MS;
    const walls = readWalls(timeZone, start, (WINDOW_DAYS + 2 * MARGIN_DAYS) * 24 * 60);
    const dates = Array.from({ length: 5 }, (_, index) => new Date(at(date) + (index - 1) * DAY_MS).toISOString());
    for (let round = 0; round < 4; round += 1) {
      const hours = randomHours(
        random,
        timeZone,
        dates.map((day) => day.slice(0, 10)),
      );
      const scanned = scan(hours, walls);
      const from = MARGIN_DAYS * 24 * 60;
      const to = from + WINDOW_DAYS * 24 * 60;
      const wrong = walls.slice(from, to).filter(({ instant }, index) => {
        const late = instant + random.below(MINUTE_MS);
        return isOpenAt(hours, late) !== scanned[from + index];
      });
      expect(wrong.map(({ instant }) => new Date(instant).toISOString())).toEqual([]);
      for (let sample = 0; sample < 30; sample += 1) {
        const index = from + random.below(to - from);
        const now = start + index * MINUTE_MS + random.below(MINUTE_MS);
        const next = scanned.findIndex((isOpen, later) => later > index && isOpen !== scanned[index]);
        const end = to + DAY_MS / MINUTE_MS;
        const told = nextChangeAfter(hours, now);
        if (next >= 0 && next < end) expect(told).toBe(start + next * MINUTE_MS);
        else expect(told === null || told >= start + end * MINUTE_MS).toBe(true);
      }
    }
  });
});
