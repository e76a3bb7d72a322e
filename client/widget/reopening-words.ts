import type { AvailabilityView } from '../../protocol/sites.ts';
import { formatTime, formatWeekday } from '../ui/format-time.ts';
import { language } from '../ui/language.ts';
import { say } from './texts.ts';

type Reopening = NonNullable<AvailabilityView['reopening']>;

const DAY_MS = 86_400_000;

/**
 * "We are back tomorrow at 09:00." In the site's time, because that is what else stands on the page, and in the
 * visitor's where it differs. Null once that moment has passed: nothing is promised that the page cannot know.
 */
export function sayReopening(
  { at, timeZone, occasion }: Reopening,
  now: number,
  ownZone = findOwnZone(),
): string | null {
  if (at <= now) return null;
  const zone = isKnown(timeZone) ? timeZone : ownZone;
  const time = formatTime(at, language.value, zone);
  const ownTime = formatTime(at, language.value, ownZone);
  const isSameDay = toDay(at, zone) === toDay(at, ownZone);
  const days = toDay(at, zone) - toDay(now, zone);
  const closed = occasion ? `${say('closedFor', { occasion: occasion[language.value] ?? occasion.en })} ` : '';

  const day = formatWeekday(at, language.value, zone, days > 6);
  if (!isSameDay || time !== ownTime) {
    const own = isSameDay ? ownTime : `${formatWeekday(at, language.value, ownZone, false)} ${ownTime}`;
    return closed + say('backOnElsewhere', { day, time, own });
  }
  if (days === 0) return closed + say('backToday', { time });
  return closed + (days === 1 ? say('backTomorrow', { time }) : say('backOn', { day, time }));
}

function findOwnZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A browser may be older than a zone. */
function isKnown(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}

function toDay(at: number, timeZone: string): number {
  // Swedes write dates as ISO 8601 does.
  return Date.parse(new Intl.DateTimeFormat('sv', { timeZone }).format(at)) / DAY_MS;
}
