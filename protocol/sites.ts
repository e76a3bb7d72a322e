import * as z from 'zod';
import { departmentId, modality, siteId, timestamp } from './ids.ts';
import { shareGrantName } from './sharing.ts';

/** One further field of the verification form (V5). */
export const formField = z.object({
  key: z.string(),
  label: z.string(),
  isRequired: z.boolean(),
  maxLength: z.int(),
});

/** What may be shared on this site, and what the visitor's own browser keeps back. */
export const sharingOffer = z.object({
  offersCoBrowse: z.boolean(),
  offersScreen: z.boolean(),
  /** "CHANGE SHARING" offers more than pausing and stopping. */
  mayChangeScope: z.boolean(),
  /** The visitor may be asked whether the session is kept. */
  mayRecord: z.boolean(),
  offeredGrants: z.array(shareGrantName),
  /** Given together with "Allow", which names them. */
  defaultGrants: z.array(shareGrantName),
  hasWatermark: z.boolean(),
  /** Origins besides the page's own that an agent may ask to open. */
  openableOrigins: z.array(z.string()),
  /** The recorder's `PrivacyRules`. */
  rules: z.object({
    deny: z.array(z.string()),
    allow: z.array(z.string()),
    isPrivateByDefault: z.boolean(),
    readOnly: z.array(z.string()),
    privatePaths: z.array(z.string()),
  }),
});
export type SharingOffer = z.infer<typeof sharingOffer>;

/** What a site calls a thing of its own, in each language it has a name in, for the page to choose. */
export const namesByLanguage = z.object({ en: z.string(), de: z.string().optional() });
export type NamesByLanguage = z.infer<typeof namesByLanguage>;

/** A department as people read of it. */
export const departmentView = z.object({
  departmentId,
  name: z.string(),
  /** The page of an older server reads `name` alone. */
  names: namesByLanguage.optional(),
});
export type DepartmentView = z.infer<typeof departmentView>;

/** What a site's widget needs before anybody talks; texts are already in the visitor's language. */
export const siteView = z.object({
  siteId,
  name: z.string(),
  /** CSS colour `#rrggbb`; its contrast was checked when it was set. */
  accent: z.string().nullable(),
  language: z.enum(['en', 'de']),
  modalities: z.array(modality),
  /** What the page shows when nobody can take a request (V2). */
  whenUnavailable: z.enum(['hide', 'leave-message']),
  departments: z.array(z.object({ departmentId, name: z.string() })),
  greeting: z.string().nullable(),
  hoursText: z.string().nullable(),
  form: z.object({
    refusedNameCharacters: z.string(),
    email: z.enum(['hidden', 'optional', 'required']),
    fields: z.array(formField),
  }),
  sharing: sharingOffer,
  /** V6: must be agreed to before a conversation; the version is stored with the agreement. */
  disclaimer: z.object({ text: z.string(), linkLabel: z.string(), linkUrl: z.string(), version: z.string() }),
});
export type SiteView = z.infer<typeof siteView>;

/** Whether "Click for Live Help" may show, and who would answer. */
export const availabilityView = z.object({
  isAvailable: z.boolean(),
  departments: z.array(z.object({ departmentId, isAvailable: z.boolean() })),
  agentCount: z.int(),
  /** At most three first names, for the faces on the first screen. */
  agentNames: z.array(z.string()),
  /** Median time from asking to being accepted, lately; null while too few are known. */
  typicalAnswerMs: z.int().nullable(),
  /**
   * Outside business hours: when the first department opens again, in whose time zone, and what today is called.
   * Null while one is open, and when none is going to open.
   */
  reopening: z
    .object({
      at: timestamp,
      timeZone: z.string(),
      occasion: z.object({ en: z.string(), de: z.string().optional() }).nullable(),
    })
    .nullable(),
});
export type AvailabilityView = z.infer<typeof availabilityView>;
