import { createTranslator } from '../ui/i18n.ts';
import { language } from '../ui/language.ts';

/** Why nothing is heard, and the way out of it. */
export const saySound = createTranslator(
  {
    en: {
      blocked: 'Requests ring without a sound until you click on this page.',
      turnOn: 'Turn sound on',
    },
    de: {
      blocked: 'Anfragen klingeln ohne Ton, bis Sie einmal auf diese Seite klicken.',
      turnOn: 'Ton einschalten',
    },
  },
  language,
);
