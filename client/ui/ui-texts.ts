import { createTranslator } from './i18n.ts';
import { language } from './language.ts';

/** Words of the shared parts themselves. */
export const sayUi = createTranslator(
  {
    en: {
      optional: 'optional',
      close: 'Close',
      dismiss: 'Dismiss',
      loading: 'Loading',
      online: 'online',
      away: 'away',
      busy: 'busy',
      offline: 'offline',
    },
    de: {
      optional: 'freiwillig',
      close: 'Schließen',
      dismiss: 'Ausblenden',
      loading: 'Wird geladen',
      online: 'online',
      away: 'abwesend',
      busy: 'beschäftigt',
      offline: 'offline',
    },
  },
  language,
);
