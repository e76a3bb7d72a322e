import { siteSettings } from './site-settings.ts';
import type { SiteSettings } from './site-settings.ts';

const DEMO_SITE_KEY = 'demo';

/** The site of the demo shop under `/demo/`, so that a fresh server has something to show. */
export const demoSite: SiteSettings = siteSettings.parse({
  key: DEMO_SITE_KEY,
  name: 'Demo shop',
  departments: [{ name: { en: 'Customer care', de: 'Kundenservice' } }],
  greeting: {
    en: 'Ask us anything about your order.',
    de: 'Fragen Sie uns alles zu Ihrer Bestellung.',
  },
  disclaimer: { linkUrl: '/demo/privacy.html' },
});

/** All that are served: the configured ones, and the demo's unless it is off or stands among them. */
export function withDemoSite(configured: SiteSettings[], hasDemo: boolean): SiteSettings[] {
  const isNeeded = hasDemo && !configured.some((site) => site.key === DEMO_SITE_KEY);
  return isNeeded ? [...configured, demoSite] : configured;
}
