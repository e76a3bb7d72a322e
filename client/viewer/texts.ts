import type { ViewerWords } from '../../cobrowse/viewer/viewer-words.ts';
import { createTranslator } from '../ui/i18n.ts';

const texts = {
  en: {
    sharedPage: 'Page of the visitor',
    waiting: 'Waiting for the page of the visitor …',
    navigating: 'The visitor is opening another page …',
    failed: 'This page cannot be shown here. It may come back when the visitor moves on.',
    behind: '{seconds} s behind',
    hidden: 'Hidden',
    canvas: 'A drawing that cannot be shown here',
    closedShadowRoot: 'A closed part that the page does not let anyone read',
    foreignFrame: 'A part of another website, not shown',
    media: 'A film or sound, not shown',
    plugin: 'An embedded program, not shown',
    typeHere: 'Text for the field of the visitor',
    chooseHere: 'Choice for the visitor',
    notGranted: 'The visitor has not allowed this.',
    private: 'This is private: only the visitor can use it.',
    readOnly: 'This cannot be changed.',
    nothingThere: 'There is nothing here to click on.',
  },
  de: {
    sharedPage: 'Seite des Besuchers',
    waiting: 'Warten auf die Seite des Besuchers …',
    navigating: 'Der Besucher öffnet eine andere Seite …',
    failed: 'Diese Seite lässt sich hier nicht zeigen. Sie kommt vielleicht wieder, wenn der Besucher weitergeht.',
    behind: '{seconds} s zurück',
    hidden: 'Verborgen',
    canvas: 'Eine Zeichnung, die hier nicht gezeigt werden kann',
    closedShadowRoot: 'Ein geschlossener Teil, den die Seite niemanden lesen lässt',
    foreignFrame: 'Ein Teil einer anderen Website, nicht gezeigt',
    media: 'Ein Film oder Ton, nicht gezeigt',
    plugin: 'Ein eingebettetes Programm, nicht gezeigt',
    typeHere: 'Text für das Feld des Besuchers',
    chooseHere: 'Auswahl für den Besucher',
    notGranted: 'Der Besucher hat das nicht erlaubt.',
    private: 'Das ist privat: Nur der Besucher kann es benutzen.',
    readOnly: 'Das lässt sich nicht ändern.',
    nothingThere: 'Hier ist nichts zum Anklicken.',
  },
} as const;

export function toViewerWords(language: 'en' | 'de'): ViewerWords {
  const say = createTranslator(texts, language);
  return {
    sharedPage: say('sharedPage'),
    waiting: say('waiting'),
    navigating: say('navigating'),
    failed: say('failed'),
    behind: (seconds) => say('behind', { seconds }),
    hidden: say('hidden'),
    notShown: {
      canvas: say('canvas'),
      'closed-shadow-root': say('closedShadowRoot'),
      'foreign-frame': say('foreignFrame'),
      media: say('media'),
      plugin: say('plugin'),
    },
    typeHere: say('typeHere'),
    chooseHere: say('chooseHere'),
    refused: {
      'not-granted': say('notGranted'),
      private: say('private'),
      'read-only': say('readOnly'),
      'nothing-there': say('nothingThere'),
    },
  };
}
