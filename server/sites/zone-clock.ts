const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Clocks on earth run from 12 hours behind UTC to 14 before it, so the moment that one shows is surely in between. */
const FARTHEST_BEHIND_MS = 13 * HOUR_MS;
const FARTHEST_AHEAD_MS = 15 * HOUR_MS;
/** The same moments are asked about again and again; a year of business hours stays below this. */
const MAX_REMEMBERED = 10_000;

/**
 * What the clock on the wall shows in a time zone. A wall time is a number: the date and time shown, read as if they
 * were UTC.
 */
export interface ZoneClock {
  wallAt(instant: number): number;
  /** The first moment at which the clock shows this time or, where it leaps over it, a later one. */
  firstAt(wall: number): number;
  /** The same, but the last time that the clock comes past it: when clocks are set back it does so twice. */
  lastAt(wall: number): number;
}

const clocks = new Map<string, ZoneClock>();

/** @throws RangeError for a time zone that this machine does not know; see {@link isTimeZone} */
export function toZoneClock(timeZone: string): ZoneClock {
  const clock = clocks.get(timeZone) ?? createZoneClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
}

/** A name of the IANA database, such as Europe/Berlin. A bare offset is none: it would ignore summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function createZoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const remembered = new Map<number, number>();

  function offsetAt(instant: number): number {
    const known = remembered.get(instant);
    if (known !== undefined) return known;
    const wholeSeconds = Math.floor(instant / 1_000) * 1_000;
    // "11/22/2026, 03:01:43": taken apart by hand because `formatToParts` takes several times as long.
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = format
      .format(wholeSeconds)
      .split(/\D+/)
      .map(Number);
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - wholeSeconds;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(instant, offset);
    return offset;
  }

  /** The offsets around this wall time, and the moment at which one gave way to the other, if they differ. */
  function around(wall: number): { before: number; after: number; turn: number } | { only: number } {
    let earlier = wall - FARTHEST_AHEAD_MS;
    let later = wall + FARTHEST_BEHIND_MS;
    const before = offsetAt(earlier);
    const after = offsetAt(later);
    if (before === after) return { only: before };
    while (later - earlier > 1_000) {
      const middle = Math.floor((earlier + later) / 2_000) * 1_000;
      if (offsetAt(middle) === before) earlier = middle;
      else later = middle;
    }
    return { before, after, turn: later };
  }

  return {
    wallAt: (instant) => instant + offsetAt(instant),
    firstAt(wall) {
      const offsets = around(wall);
      if ('only' in offsets) return wall - offsets.only;
      const { before, after, turn } = offsets;
      return wall - before < turn ? wall - before : Math.max(turn, wall - after);
    },
    lastAt(wall) {
      const offsets = around(wall);
      if ('only' in offsets) return wall - offsets.only;
      const { before, after, turn } = offsets;
      return wall - after > turn ? wall - after : Math.min(turn, wall - before);
    },
  };
}
