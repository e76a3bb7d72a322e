import * as z from 'zod';
import type { ShareSettings } from '../../cobrowse/share-host.ts';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import { shareGrantName } from '../../protocol/sharing.ts';
import type { SharingOffer } from '../../protocol/sites.ts';
import { isOrigin } from '../origins.ts';
import { findSelectorFault } from './selector-syntax.ts';

const MAX_SELECTORS = 200;

/** What slips through here and a browser cannot read stops all sharing there, so that nothing leaks. */
const selector = z
  .string()
  .trim()
  .max(300)
  .superRefine((value, context) => {
    const fault = findSelectorFault(value);
    if (fault === undefined) return;
    const named = value === '' ? 'An empty selector' : `The selector ${value}`;
    const message = `${named} cannot be read: ${fault}. It is written like in a style sheet, such as .account-number.`;
    context.addIssue({ code: 'custom', message });
  });

const listOf = (one: z.ZodType<string>) => z.array(one).max(MAX_SELECTORS).default([]);
const selectors = listOf(selector);

const path = z.string().max(300).regex(/^[/*]/, 'A path begins with / and may hold *, such as /checkout/*.');

const grants = z.array(shareGrantName).transform((names) => [...new Set(names)]);

/** What a site lets its visitors and agents do with sharing, and what never leaves the visitor's browser. */
export const coBrowseSettings = z.strictObject({
  offersCoBrowse: z.boolean().default(true),
  offersScreen: z.boolean().default(true),
  /** "CHANGE SHARING": the visitor chooses which part of the page is shared. */
  mayChangeScope: z.boolean().default(true),
  /** Everything is masked but what `allow` names. */
  isPrivateByDefault: z.boolean().default(false),
  /** Selectors of what is never sent. */
  deny: selectors,
  /** With `isPrivateByDefault`, selectors of what may be sent. */
  allow: selectors,
  /** Selectors of fields that an agent sees and never changes. */
  readOnly: selectors,
  /** Paths on which sharing pauses by itself. */
  privatePaths: z.array(path).max(MAX_SELECTORS).default([]),
  /** Given to the agent together with "Allow". */
  defaultGrants: grants.default(['point', 'draw']),
  /** What an agent may ask for at all. */
  offeredGrants: grants.default([...shareGrantName.options]),
  /** How long a permission to act on the page lasts. */
  grantMinutes: z.int().min(1).max(240).default(10),
  /** `ask`: kept for playback when the visitor ticks it. */
  recording: z.enum(['off', 'ask']).default('off'),
  /** After so many days a recording is erased. */
  recordingDays: z.int().min(1).max(3_650).default(30),
  /** The agent's name over the visitor's own page; over the agent's view it always stands. */
  watermark: z.boolean().default(false),
  /** Origins besides the page's own that an agent may ask to open at the visitor. */
  openableOrigins: z
    .array(
      z
        .string()
        .refine(isOrigin, 'An origin is a scheme and a host without a path, such as https://www.example.com.')
        .transform((value) => new URL(value).origin),
    )
    .max(50)
    .default([]),
});
export type CoBrowseSettings = z.infer<typeof coBrowseSettings>;

/** As they were stored once, by rules that may have been others: a server does not fail to start over a selector. */
const storedSelectors = listOf(z.string());
export const storedCoBrowseSettings = coBrowseSettings.extend({
  deny: storedSelectors,
  allow: storedSelectors,
  readOnly: storedSelectors,
});

/** What the server decides by. */
export function toShareSettings(settings: CoBrowseSettings): ShareSettings {
  const { offersCoBrowse, offersScreen, mayChangeScope, defaultGrants, offeredGrants, openableOrigins } = settings;
  return {
    offersCoBrowse,
    offersScreen,
    mayChangeScope,
    defaultGrants,
    offeredGrants,
    openableOrigins,
    grantMs: settings.grantMinutes * 60_000,
    mayRecord: settings.recording === 'ask',
  };
}

/** What an agent may ask for. The rules of privacy are the visitor's browser's business. */
export function toAgentOffer(settings: CoBrowseSettings): AgentConversationView['sharing'] {
  const { offersCoBrowse, offersScreen, offeredGrants } = settings;
  return { offersCoBrowse, offersScreen, offeredGrants };
}

/** What the widget shows and the recorder keeps to. */
export function toSharingOffer(settings: CoBrowseSettings): SharingOffer {
  const { deny, allow, isPrivateByDefault, readOnly, privatePaths } = settings;
  return {
    offersCoBrowse: settings.offersCoBrowse,
    offersScreen: settings.offersScreen,
    mayChangeScope: settings.mayChangeScope,
    mayRecord: settings.recording === 'ask',
    offeredGrants: settings.offeredGrants,
    defaultGrants: settings.defaultGrants.filter((grant) => settings.offeredGrants.includes(grant)),
    hasWatermark: settings.watermark,
    openableOrigins: settings.openableOrigins,
    rules: { deny, allow, isPrivateByDefault, readOnly, privatePaths },
  };
}
