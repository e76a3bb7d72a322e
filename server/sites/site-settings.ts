import * as z from 'zod';
import { modality } from '../../protocol/ids.ts';
import { DEFAULT_REFUSED_NAME_CHARACTERS } from '../../protocol/visitor-name.ts';
import { isOrigin } from '../origins.ts';
import { coBrowseSettings, storedCoBrowseSettings } from './co-browse-settings.ts';
import { businessHours, toHoursExample } from './business-hours-settings.ts';
import { localName, localText } from './local-text.ts';

const origin = z
  .string()
  .refine(isOrigin, 'An origin is a scheme and a host without a path, such as https://www.example.com.')
  .transform((value) => new URL(value).origin);

const departmentSettings = z.strictObject({
  /** The English one says which department it is, also when others are added or changed. */
  name: localName(80),
  /** Left out: those of the site. `null`: always open, whatever the site's are. */
  hours: businessHours.nullable().optional(),
});
type TypedDepartment = string | z.input<typeof departmentSettings>;

/** The name alone, or a name with more. */
const department = z
  .custom<TypedDepartment>()
  .transform((typed) => (typeof typed === 'string' ? { name: typed } : typed))
  .pipe(departmentSettings);

/** Everything that can be said of one site: which pages may show the widget, how it looks, what it offers. */
export const siteSettings = z.strictObject({
  /** What the script tag names. */
  key: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'A site key has lower-case letters, digits and hyphens, 63 at most.'),
  name: z.string().trim().min(1).max(120),
  /** Origins whose pages may embed the widget; Foyer's own pages always may. */
  allowedOrigins: z.array(origin).max(50).default([]),
  departments: z
    .array(department)
    .min(1)
    .max(50)
    .superRefine((departments, context) => {
      const english = departments.map(({ name }) => name.en);
      const german = departments.map(({ name }) => name.de ?? name.en);
      for (const index of departments.keys()) {
        const isNew = [english, german].every((names) => names.indexOf(names[index] ?? '') === index);
        if (isNew) continue;
        context.addIssue({ code: 'custom', path: [index], message: 'Two departments have the same name.' });
      }
    })
    .prefault([{ name: { en: 'Customer care', de: 'Kundenservice' } }]),
  modalities: z.array(modality).min(1).default(['text', 'voice', 'video']),
  accent: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'A colour is # and six hexadecimal digits, such as #1f6b57.')
    .nullable()
    .default(null),
  whenUnavailable: z.enum(['hide', 'leave-message']).default('leave-message'),
  greeting: localText.nullable().default(null),
  /** What visitors read about the hours, in words of the site's own. */
  hoursText: localText.nullable().default(null),
  /** When requests are taken; `null` is always. */
  hours: businessHours.nullable().default(null),
  form: z
    .strictObject({
      refusedNameCharacters: z.string().max(200).default(DEFAULT_REFUSED_NAME_CHARACTERS),
      email: z.enum(['hidden', 'optional', 'required']).default('optional'),
      fields: z
        .array(
          z.strictObject({
            key: z
              .string()
              .regex(/^[a-z][a-zA-Z0-9_-]{0,40}$/)
              .refine((key) => !(key in {}), 'This key is taken by the language itself: choose another one.'),
            label: localText,
            isRequired: z.boolean().default(false),
            maxLength: z.int().min(1).max(1_000).default(200),
          }),
        )
        .max(20)
        .default([]),
    })
    .prefault({}),
  coBrowse: coBrowseSettings.prefault({}),
  disclaimer: z
    .strictObject({
      version: z.string().min(1).max(64).default('1'),
      text: localText.default({
        en: 'We use what you tell us only to answer you.',
        de: 'Was Sie uns sagen, verwenden wir nur, um Ihnen zu antworten.',
      }),
      linkLabel: localText.default({ en: 'How we handle it', de: 'Wie wir damit umgehen' }),
      linkUrl: z
        .url({ protocol: /^https?$/ })
        .or(z.string().regex(/^\/(?!\/)/))
        .or(z.literal(''))
        // A page of somebody else's would say what this site does not do: without one of its own there is no link.
        .default(''),
    })
    .prefault({}),
});
export type SiteSettings = z.infer<typeof siteSettings>;

/** What was accepted once is still read. */
export const storedSiteSettings = siteSettings.extend({ coBrowse: storedCoBrowseSettings.prefault({}) });

/** What would be right at this place of a site's settings. */
export function toSiteExample(path: readonly PropertyKey[]): string {
  if (path.includes('coBrowse')) {
    return '{ "coBrowse": { "deny": [".account-number"], "privatePaths": ["/checkout/*"], "defaultGrants": ["point"] } }';
  }
  if (path.includes('hours')) return toHoursExample(path.slice(path.indexOf('hours') + 1));
  if (path.includes('departments')) {
    return '{ "departments": ["Orders", { "name": { "en": "Returns", "de": "Retouren" } }] }';
  }
  return '{ "key": "shop", "name": "Shop", "allowedOrigins": ["https://www.example.com"], "departments": ["Customer care"] }';
}
