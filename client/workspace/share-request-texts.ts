import { createTranslator } from '../ui/i18n.ts';
import { language } from '../ui/language.ts';

/** Words of asking for a share. Those about what is shared come with the code that shows it. */
export const sayRequest = createTranslator(
  {
    en: {
      requestCoBrowse: 'Request co-browsing',
      requestScreen: 'Request screen share',
      coBrowseAsked: 'Waiting for {name} to allow co-browsing …',
      screenAsked: 'Waiting for {name} to share the screen …',
      cancel: 'Cancel',
    },
    de: {
      requestCoBrowse: 'Mitbrowsen anfragen',
      requestScreen: 'Bildschirm anfragen',
      coBrowseAsked: '{name} muss das Mitbrowsen noch erlauben …',
      screenAsked: '{name} muss den Bildschirm noch teilen …',
      cancel: 'Abbrechen',
    },
  },
  language,
);
