import { createTranslator } from '../../ui/i18n.ts';
import { language } from '../../ui/language.ts';

/** What the window says while no widget shows itself in it. */
export const sayWindow = createTranslator(
  {
    en: {
      title: 'Live help',
      coming: 'The conversation is on its way…',
      leftTitle: 'The conversation is not here any more',
      leftDetail: 'It belongs to a page that you have left. Go back to that page to go on, or close this window.',
      close: 'Close window',
    },
    de: {
      title: 'Live-Hilfe',
      coming: 'Das Gespräch kommt gleich …',
      leftTitle: 'Das Gespräch ist nicht mehr hier',
      leftDetail:
        'Es gehört zu einer Seite, die Sie verlassen haben. Kehren Sie dorthin zurück, um weiterzumachen, oder schließen Sie dieses Fenster.',
      close: 'Fenster schließen',
    },
  },
  language,
);
