import { describe, expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../config.ts';
import type { ConfigFault } from '../config.ts';
import { openDatabase } from '../db/open.ts';
import { createSiteService, toSiteView } from './site-service.ts';
import { siteSettings } from './site-settings.ts';
import type { Site } from './site-store.ts';

const FILE = '/etc/foyer.json';

function faultsOf(departments: unknown): ConfigFault[] {
  try {
    parseConfig({
      environment: {},
      file: { path: FILE, content: { sites: [{ key: 'shop', name: 'Shop', departments }] } },
    });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const shopWith = (departments: unknown) => siteSettings.parse({ key: 'shop', name: 'Shop', departments });

describe('the name of a department', () => {
  test('[D3] is one for all languages or a text for each, and what is stored reads the same again', () => {
    const settings = shopWith(['Orders', { name: ' Sales ' }, { name: { en: 'Returns', de: 'Retouren' } }]);
    expect(settings.departments).toEqual([
      { name: { en: 'Orders' } },
      { name: { en: 'Sales' } },
      { name: { en: 'Returns', de: 'Retouren' } },
    ]);
    expect(siteSettings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
    // Stored before names could be translated.
    expect(shopWith([{ name: 'Orders' }])).toEqual(shopWith(['Orders']));
  });

  test.each([
    [[{ name: { de: 'Retouren' } }], '.0.name', '{"de":"Retouren"}', 'one for each language'],
    [[{ name: 7 }], '.0.name', '7', 'one for each language'],
    [[{ name: { en: 'Returns', fr: 'Retours' } }], '.0.name', '{"en":"Returns","fr":"Retours"}', '"fr"'],
    [[{ name: { en: 'Returns', de: '' } }], '.0.name.de', '""', 'Too small'],
    [['Orders', { name: { en: 'Orders', de: 'Auftr' } }], '.1', '{"name":{"en":"Orders","de":"Auftr"}}', 'same name'],
    [['Post', { name: { en: 'Mail', de: 'Post' } }], '.1', '{"name":{"en":"Mail","de":"Post"}}', 'same name'],
  ])('[D1] %j is refused with its place, what is wrong and a good example', (departments, place, seen, problem) => {
    const [fault, ...others] = faultsOf(departments);
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ key: `sites.0.departments${place} (in ${FILE})`, seen });
    expect(fault?.problem).toContain(problem);
    expect(fault?.example).toContain('{ "en": "Returns", "de": "Retouren" }');
  });

  test('[D3] visitors read it in their language, and it stays the same department when one is added', async () => {
    const { db, close } = await openDatabase(':memory:');
    const read = async (departments: unknown) => {
      const [site] = (await createSiteService(db, [shopWith(departments)], 1)).all() as [Site];
      return site;
    };
    const before = await read(['Returns']);
    const after = await read([{ name: { en: 'Returns', de: 'Retouren' } }]);
    expect(after.departments[0]?.departmentId).toBe(before.departments[0]?.departmentId);
    const namesIn = (site: Site, spoken: 'en' | 'de') => toSiteView(site, spoken).departments.map(({ name }) => name);
    expect([namesIn(after, 'de'), namesIn(after, 'en'), namesIn(before, 'de')]).toEqual([
      ['Retouren'],
      ['Returns'],
      ['Returns'],
    ]);
    await close();
  });
});
