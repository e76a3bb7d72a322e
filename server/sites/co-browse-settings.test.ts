import { describe, expect, test } from 'vitest';
import { coBrowseSettings, toShareSettings, toAgentOffer, toSharingOffer } from './co-browse-settings.ts';
import { siteSettings, toSiteExample } from './site-settings.ts';

const problemsOf = (coBrowse: object): string[] =>
  coBrowseSettings.safeParse(coBrowse).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('what a site says about sharing', () => {
  test('[B1] said nothing, both kinds are offered, pointing and drawing go with the yes, nothing is kept', () => {
    const { coBrowse } = siteSettings.parse({ key: 'shop', name: 'Shop' });
    expect(toShareSettings(coBrowse)).toEqual({
      offersCoBrowse: true,
      offersScreen: true,
      mayChangeScope: true,
      defaultGrants: ['point', 'draw'],
      offeredGrants: ['point', 'draw', 'scroll', 'click-and-type', 'navigate'],
      grantMs: 600_000,
      mayRecord: false,
      openableOrigins: [],
    });
    expect(toSharingOffer(coBrowse)).toMatchObject({ hasWatermark: false, mayRecord: false });
  });

  test('[B4] the widget gets the rules by which the browser keeps things back', () => {
    const rules = {
      deny: ['.iban'],
      allow: ['main'],
      isPrivateByDefault: true,
      readOnly: ['#quantity'],
      privatePaths: ['/checkout/*'],
    };
    expect(toSharingOffer(coBrowseSettings.parse(rules)).rules).toEqual(rules);
  });

  test('[D1] what is wrong is named where it stands, with an example of what would be right', () => {
    expect(problemsOf({ deny: [''] })).toEqual(['deny.0']);
    expect(problemsOf({ deny: Array.from({ length: 201 }, () => 'p') })).toEqual(['deny']);
    expect(problemsOf({ allow: ['x'.repeat(301)] })).toEqual(['allow.0']);
    expect(problemsOf({ privatePaths: ['checkout'] })).toEqual(['privatePaths.0']);
    expect(problemsOf({ defaultGrants: ['everything'] })).toEqual(['defaultGrants.0']);
    expect(problemsOf({ grantMinutes: 0 })).toEqual(['grantMinutes']);
    expect(problemsOf({ recording: 'always' })).toEqual(['recording']);
    expect(problemsOf({ openableOrigins: ['https://pay.example/path'] })).toEqual(['openableOrigins.0']);
    expect(problemsOf({ denied: [] })).toHaveLength(1);
    expect(toSiteExample(['0', 'coBrowse', 'deny', 0])).toContain('"coBrowse"');
  });

  test('[B4] a selector that no browser reads is refused by its name, in each of the lists, and the others are not', () => {
    const deny = ['.card', 'p:not((', '#iban', '..price'];
    const { error } = coBrowseSettings.safeParse({ deny, allow: [':is(.a, p::before)'], readOnly: ['[data-x="1'] });
    expect(error?.issues.map(({ path: where }) => where.join('.'))).toEqual([
      'deny.1',
      'deny.3',
      'allow.0',
      'readOnly.0',
    ]);
    expect(error?.issues[0]?.message).toBe(
      'The selector p:not(( cannot be read: an element is missing at "(". It is written like in a style sheet, such as .account-number.',
    );
  });

  test('[B7] a permission named twice is one, and an origin is written as browsers write it', () => {
    const parsed = coBrowseSettings.parse({
      offeredGrants: ['point', 'point'],
      openableOrigins: ['HTTPS://Pay.Example:443'],
    });
    expect(parsed.offeredGrants).toEqual(['point']);
    expect(parsed.openableOrigins).toEqual(['https://pay.example']);
    expect(coBrowseSettings.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  test('[B1] an agent learns what may be asked for, and none of the rules of privacy', () => {
    const settings = coBrowseSettings.parse({ offersScreen: false, offeredGrants: ['point'], deny: ['.account'] });
    expect(toAgentOffer(settings)).toEqual({
      offersCoBrowse: true,
      offersScreen: false,
      offeredGrants: ['point'],
    });
  });
});
