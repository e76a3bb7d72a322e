import type { BusinessHours, HoursSpan } from './business-hours-settings.ts';
import { toZoneClock } from './zone-clock.ts';
import type { ZoneClock } from './zone-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A span begun the day before may still run; a zone that skips or repeats a date moves it by one more. */
const DAYS_BACK = 2;
/** What repeats weekly shows itself in two weeks, even when a change of clocks swallows the only span of one of them. */
const DAYS_AHEAD = 16;

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

interface Interval {
  opensAt: number;
  closesAt: number;
}

/**
 * Whether somebody is to be there at this moment. A span lasts from the first to the last time that the clock of the
 * zone shows a time within it: an hour that comes twice does not cut it in two, one that is skipped is not missed.
 */
export function isOpenAt(hours: BusinessHours, now: number): boolean {
  const clock = toZoneClock(hours.timeZone);
  const today = toDay(clock.wallAt(now));
  for (let day = today - DAYS_BACK; day <= today + 1; day += 1) {
    if (intervalsOf(hours, clock, day).some(({ opensAt, closesAt }) => opensAt <= now && now < closesAt)) return true;
  }
  return false;
}

/** The next moment at which {@link isOpenAt} answers differently; null when, as it is set now, there is none. */
export function nextChangeAfter(hours: BusinessHours, now: number): number | null {
  const clock = toZoneClock(hours.timeZone);
  const isOpen = isOpenAt(hours, now);
  const today = toDay(clock.wallAt(now));
  const lastDays = hours.exceptions.map(({ date }) => toDay(Date.parse(date))).filter((day) => day > today);
  let looked = today - DAYS_BACK - 1;
  // Where no week brings a change, only a day that is an exception can: nothing in between needs looking at.
  for (const centre of [today, ...lastDays.sort((a, b) => a - b)]) {
    const from = Math.max(looked + 1, centre - DAYS_BACK);
    looked = Math.max(looked, centre + DAYS_AHEAD);
    const moments = new Set<number>();
    for (let day = from; day <= looked; day += 1) {
      for (const { opensAt, closesAt } of intervalsOf(hours, clock, day)) moments.add(opensAt).add(closesAt);
    }
    const change = [...moments]
      .sort((a, b) => a - b)
      .find((moment) => moment > now && isOpenAt(hours, moment) !== isOpen);
    if (change !== undefined) return change;
  }
  return null;
}

/** The exception of the date that it is now in the zone of these hours, and when that date is over. */
export function findExceptionAt(
  hours: BusinessHours,
  now: number,
): { exception: BusinessHours['exceptions'][number] | undefined; dayEndsAt: number } {
  const clock = toZoneClock(hours.timeZone);
  const today = toDay(clock.wallAt(now));
  return { exception: exceptionOf(hours, today), dayEndsAt: clock.lastAt((today + 1) * DAY_MS) };
}

function intervalsOf(hours: BusinessHours, clock: ZoneClock, day: number): Interval[] {
  const weekday = WEEKDAYS[new Date(day * DAY_MS).getUTCDay()] ?? 'sunday';
  const spans = exceptionOf(hours, day)?.spans ?? hours.weekly[weekday];
  return spans
    .map((span) => toInterval(span, clock, day * DAY_MS))
    .filter(({ opensAt, closesAt }) => opensAt < closesAt);
}

function toInterval({ from, to }: HoursSpan, clock: ZoneClock, midnight: number): Interval {
  const [start, end] = [toMs(from), toMs(to)];
  return {
    opensAt: clock.firstAt(midnight + start),
    closesAt: clock.lastAt(midnight + (end > start ? end : end + DAY_MS)),
  };
}

function exceptionOf(hours: BusinessHours, day: number) {
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  return hours.exceptions.find((exception) => exception.date === date);
}

/** Days are counted from 1 January 1970 by the calendar of the zone. */
function toDay(wall: number): number {
  return Math.floor(wall / DAY_MS);
}

function toMs(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return (hour * 60 + minute) * MINUTE_MS;
}
