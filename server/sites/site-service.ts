import type { DepartmentId, SiteId } from '../../protocol/ids.ts';
import type { SiteView } from '../../protocol/sites.ts';
import type { Db } from '../db/open.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../errors.ts';
import { toSharingOffer } from './co-browse-settings.ts';
import { ensureTenant, listSites, retireOtherSites, saveSite } from './site-store.ts';
import type { Department, Site } from './site-store.ts';
import type { LocalText } from './local-text.ts';
import type { SiteSettings } from './site-settings.ts';

export type WidgetLanguage = 'en' | 'de';

/** All sites, held in memory because every page view of a visitor asks; read again whenever they are changed. */
export interface SiteService {
  tenantId: string;
  /** Those that are configured; only their pages may carry the widget, connect and ask. */
  all(): Site[];
  /** Those as well that are no longer configured: what happened on them is kept. */
  withRetired(): Site[];
  /** Among those that are configured. */
  findByKey(key: string): Site | undefined;
  requireSite(siteId: SiteId): Site;
  requireDepartment(departmentId: DepartmentId): Department & { site: Site };
}

/** Brings the configured sites into the database, retires all others, and keeps the result at hand. */
export async function createSiteService(db: Db, configured: SiteSettings[], now: number): Promise<SiteService> {
  const tenantId = await inTransaction(db, async (unit) => {
    const tenant = await ensureTenant(unit.db, 'Foyer', now);
    for (const settings of configured) await saveSite(unit.db, tenant, settings, now);
    await retireOtherSites(
      unit.db,
      configured.map(({ key }) => key),
      now,
    );
    return tenant;
  });
  const known = await listSites(db);
  const sites = known.filter(({ settings }) => configured.some(({ key }) => key === settings.key));
  const byKey = new Map(sites.map((site) => [site.settings.key, site]));
  const byId = new Map(known.map((site) => [site.siteId, site]));
  const byDepartment = new Map<string, Department & { site: Site }>();
  for (const site of sites) {
    for (const department of site.departments) byDepartment.set(department.departmentId, { site, ...department });
  }
  // A retired department still has conversations that name it.
  const retired = await db.selectFrom('departments').selectAll().where('retiredAt', 'is not', null).execute();
  for (const { departmentId, siteId, name } of retired) {
    const site = byId.get(siteId);
    if (site) byDepartment.set(departmentId, { site, departmentId, name, names: { en: name } });
  }

  return {
    tenantId,
    all: () => sites,
    withRetired: () => known,
    findByKey: (key) => byKey.get(key),
    requireSite(siteId) {
      const site = byId.get(siteId);
      if (!site) throw new AppError('unknown-site', 'This site is not known here.');
      return site;
    },
    requireDepartment(departmentId) {
      const department = byDepartment.get(departmentId);
      if (!department) throw new AppError('not-found', 'This department is not known here.');
      return department;
    },
  };
}

/** The widget speaks English and German; everything that is not German reads English. */
export function toWidgetLanguage(languageTag: string): WidgetLanguage {
  return /^de\b/i.test(languageTag) ? 'de' : 'en';
}

/** The site as a visitor of this language sees it. */
export function toSiteView(site: Site, language: WidgetLanguage): SiteView {
  const { settings } = site;
  const inLanguage = (text: LocalText): string => text[language] ?? text.en;
  return {
    siteId: site.siteId,
    name: settings.name,
    accent: settings.accent,
    language,
    modalities: settings.modalities,
    whenUnavailable: settings.whenUnavailable,
    departments: site.departments.map(({ departmentId, names }) => ({ departmentId, name: inLanguage(names) })),
    greeting: settings.greeting && inLanguage(settings.greeting),
    hoursText: settings.hoursText && inLanguage(settings.hoursText),
    form: {
      refusedNameCharacters: settings.form.refusedNameCharacters,
      email: settings.form.email,
      fields: settings.form.fields.map((field) => ({ ...field, label: inLanguage(field.label) })),
    },
    sharing: toSharingOffer(settings.coBrowse),
    disclaimer: {
      text: inLanguage(settings.disclaimer.text),
      linkLabel: inLanguage(settings.disclaimer.linkLabel),
      linkUrl: settings.disclaimer.linkUrl,
      version: settings.disclaimer.version,
    },
  };
}
