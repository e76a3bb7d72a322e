import { v7 as newId } from 'uuid';
import type { DepartmentId, SiteId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import type { LocalText } from './local-text.ts';
import { storedSiteSettings } from './site-settings.ts';
import type { SiteSettings } from './site-settings.ts';

export interface Department {
  departmentId: DepartmentId;
  /** In English, by which it is known. */
  name: string;
  names: LocalText;
}

/** A site as it stands: what was set, and the departments that take requests. */
export interface Site {
  siteId: SiteId;
  tenantId: string;
  settings: SiteSettings;
  departments: Department[];
}

export async function ensureTenant(db: Db, name: string, now: number): Promise<string> {
  const known = await db.selectFrom('tenants').select('tenantId').orderBy('createdAt').executeTakeFirst();
  if (known) return known.tenantId;
  const tenantId = newId();
  await db.insertInto('tenants').values({ tenantId, name, createdAt: now }).execute();
  return tenantId;
}

/** Creates the site or brings it to these settings; departments no longer named are retired, never deleted. */
export async function saveSite(db: Db, tenantId: string, settings: SiteSettings, now: number): Promise<SiteId> {
  const known = await db.selectFrom('sites').select('siteId').where('siteKey', '=', settings.key).executeTakeFirst();
  const siteId = known?.siteId ?? (newId() as SiteId);
  const settingsJson = JSON.stringify(settings);
  if (known) {
    await db.updateTable('sites').set({ settingsJson }).where('siteId', '=', siteId).execute();
  } else {
    await db
      .insertInto('sites')
      .values({ siteId, tenantId, siteKey: settings.key, settingsJson, createdAt: now })
      .execute();
  }
  for (const [sortOrder, { name }] of settings.departments.entries()) {
    await db
      .insertInto('departments')
      .values({ departmentId: newId() as DepartmentId, siteId, name: name.en, sortOrder, retiredAt: null })
      .onConflict((conflict) => conflict.columns(['siteId', 'name']).doUpdateSet({ sortOrder, retiredAt: null }))
      .execute();
  }
  await db
    .updateTable('departments')
    .set({ retiredAt: now })
    .where('siteId', '=', siteId)
    .where(
      'name',
      'not in',
      settings.departments.map(({ name }) => name.en),
    )
    .where('retiredAt', 'is', null)
    .execute();
  return siteId;
}

/** Takes no requests for sites that are no longer configured; they and what happened on them stay. */
export async function retireOtherSites(db: Db, configuredKeys: string[], now: number): Promise<void> {
  const sites = await db.selectFrom('sites').select(['siteId', 'siteKey']).execute();
  const others = sites.filter(({ siteKey }) => !configuredKeys.includes(siteKey)).map(({ siteId }) => siteId);
  if (others.length === 0) return;
  await db
    .updateTable('departments')
    .set({ retiredAt: now })
    .where('siteId', 'in', others)
    .where('retiredAt', 'is', null)
    .execute();
}

/** Retired ones as well, without departments. */
export async function listSites(db: Db): Promise<Site[]> {
  const sites = await db.selectFrom('sites').selectAll().orderBy('createdAt').execute();
  const departments = await db
    .selectFrom('departments')
    .select(['departmentId', 'siteId', 'name'])
    .where('retiredAt', 'is', null)
    .orderBy('sortOrder')
    .execute();
  return sites.map(({ siteId, tenantId, settingsJson }) => {
    const settings = storedSiteSettings.parse(JSON.parse(settingsJson));
    const namesOf = (known: string): LocalText =>
      settings.departments.find(({ name }) => name.en === known)?.name ?? { en: known };
    return {
      siteId,
      tenantId,
      settings,
      departments: departments
        .filter((department) => department.siteId === siteId)
        .map(({ departmentId, name }) => ({ departmentId, name, names: namesOf(name) })),
    };
  });
}
