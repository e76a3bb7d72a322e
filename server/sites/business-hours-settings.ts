import * as z from 'zod';
import { findNearestName } from '../nearest-name.ts';
import { localText } from './local-text.ts';
import { isTimeZone } from './zone-clock.ts';

const MAX_SPANS_A_DAY = 12;
/** Some years of public holidays. */
const MAX_EXCEPTIONS = 400;

const startTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A span begins at a time written HH:MM, from 00:00 to 23:59.');
const endTime = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'A span ends at a time written HH:MM, from 00:00 to 24:00.');

const span = z
  .strictObject({ from: startTime, to: endTime })
  .refine(({ from, to }) => from !== to, 'A span ends at another time than it begins; a whole day is 00:00 to 24:00.');
export type HoursSpan = z.infer<typeof span>;

const spans = z.array(span).max(MAX_SPANS_A_DAY);

const timeZone = z
  .string()
  .refine(isTimeZone, { error: ({ input }) => `There is no such time zone${suggestTimeZone(String(input))}.` });

const exception = z.strictObject({
  date: z.iso.date('A date is written YYYY-MM-DD and is to be found in the calendar.'),
  /** Left out or empty: closed all day. */
  spans: spans.default([]),
  /** What visitors read on that day while it is closed, such as "Christmas Day". */
  name: localText.nullable().default(null),
});

/**
 * When somebody is there, by the clock of one time zone. A span belongs to the day on which it begins; one that ends at
 * an earlier time than it begins goes on into the next day. An exception replaces all spans of its date.
 */
export const businessHours = z.strictObject({
  timeZone,
  weekly: z.strictObject({
    monday: spans.default([]),
    tuesday: spans.default([]),
    wednesday: spans.default([]),
    thursday: spans.default([]),
    friday: spans.default([]),
    saturday: spans.default([]),
    sunday: spans.default([]),
  }),
  exceptions: z
    .array(exception)
    .max(MAX_EXCEPTIONS)
    .default([])
    .superRefine((exceptions, context) => {
      const dates = exceptions.map(({ date }) => date);
      for (const [index, date] of dates.entries()) {
        if (dates.indexOf(date) === index) continue;
        context.addIssue({ code: 'custom', path: [index, 'date'], message: 'This date has an exception already.' });
      }
    }),
});
export type BusinessHours = z.infer<typeof businessHours>;

const WHOLE =
  '{ "timeZone": "Europe/Berlin", "weekly": { "monday": [{ "from": "09:00", "to": "17:30" }] }, "exceptions": [{ "date": "2026-12-25" }] }';
const EXAMPLES: Record<string, string> = {
  timeZone: '"Europe/Berlin"',
  weekly: '{ "monday": [{ "from": "09:00", "to": "12:30" }, { "from": "13:30", "to": "17:30" }], "saturday": [] }',
  exceptions: '[{ "date": "2026-12-25", "name": { "en": "Christmas Day", "de": "Weihnachten" } }]',
  spans: '[{ "from": "09:00", "to": "12:30" }]',
  from: '"09:00"',
  to: '"17:30"',
  date: '"2026-12-25"',
  name: '{ "en": "Christmas Day", "de": "Weihnachten" }',
};

/** What would be right at this place of the hours. */
export function toHoursExample(path: readonly PropertyKey[]): string {
  const nearest = path.findLast((key) => typeof key === 'string' && Object.hasOwn(EXAMPLES, key));
  return EXAMPLES[String(nearest)] ?? WHOLE;
}

function suggestTimeZone(typed: string): string {
  const nearest = findNearestName(typed, Intl.supportedValuesOf('timeZone'));
  return nearest ? ` (did you mean ${nearest}?)` : '';
}
