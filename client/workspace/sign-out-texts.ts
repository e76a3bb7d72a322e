import { createTranslator } from '../ui/i18n.ts';
import { language } from '../ui/language.ts';

/** The question before a sign-out that would lose something. */
export const saySignOut = createTranslator(
  {
    en: {
      title: 'Sign out with unsent text?',
      text: 'You have written this and not sent it. Signing out deletes it from this browser.',
      discard: 'Delete and sign out',
      stay: 'Stay signed in',
    },
    de: {
      title: 'Mit ungesendetem Text abmelden?',
      text: 'Das haben Sie geschrieben und nicht gesendet. Mit dem Abmelden wird es aus diesem Browser gelöscht.',
      discard: 'Löschen und abmelden',
      stay: 'Angemeldet bleiben',
    },
  },
  language,
);
