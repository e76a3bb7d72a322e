import { siteSettings } from './site-settings.ts';
import type { SiteSettings } from './site-settings.ts';

/** The site of the demo shop under `/demo/`, so that a fresh server has something to show. */
export const DEMO_SITE_KEY = 'demo';

export const demoSite: SiteSettings = siteSettings.parse({
  key: DEMO_SITE_KEY,
  name: 'Demo shop',
  departments: ['Customer care'],
  greeting: {
    en: 'Ask us anything about your order.',
    de: 'Fragen Sie uns alles zu Ihrer Bestellung.',
  },
});
