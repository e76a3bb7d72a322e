import { createTranslator } from '../i18n.ts';
import { language } from '../language.ts';

/** Words of the banner that stands above a conversation while something is shared, on both sides. */
export const sayShare = createTranslator(
  {
    en: {
      banner: 'Sharing',
      endShare: 'END SCREEN SHARE',
      changeSharing: 'CHANGE SHARING',
      options: 'OPTIONS',
      duration: 'Shared for',
      recorded: 'Being recorded',
      withNames: 'with {names}',
      nobodyLooks: 'Nobody is looking right now',
    },
    de: {
      banner: 'Freigabe',
      endShare: 'BILDSCHIRMFREIGABE BEENDEN',
      changeSharing: 'FREIGABE ÄNDERN',
      options: 'OPTIONEN',
      duration: 'Freigegeben seit',
      recorded: 'Wird aufgezeichnet',
      withNames: 'zu sehen für {names}',
      nobodyLooks: 'Gerade schaut niemand zu',
    },
  },
  language,
);

/** "Mira and Jonas", as the language joins names. */
export function joinNames(names: readonly string[]): string {
  return new Intl.ListFormat(language.value, { type: 'conjunction' }).format(names);
}
