import { createTranslator } from '../i18n.ts';
import { language } from '../language.ts';
import type { SharedScreenFault } from './shared-screen.ts';

/** Words about a shared screen, on both sides. */
export const sayScreen = createTranslator(
  {
    en: {
      screenOf: 'Screen of {name}',
      onItsWay: 'The screen of {name} is on its way …',
      fit: 'Fit',
      actualSize: 'Actual size',
      fullScreen: 'Full screen',
      soundOn: 'Sound on',
      soundOff: 'Sound off',
      elsewhere: 'You are watching this screen in another tab.',
      showHere: 'Show here',
      notHere: 'The screen cannot be shown at the moment.',
      tryAgain: 'Try again',
      another: 'Another window, tab or screen …',
      ownElsewhere: 'You are sharing from another tab or window.',
      goodAt: 'The picture is best for',
      sharpText: 'Sharp text',
      smoothVideo: 'Smooth video',
      refused: 'Nothing is shared. To share, choose a screen, a window or a tab in the browser’s question.',
      blocked: 'This website does not let the screen be shared from here. Try it in a window of its own.',
      unsupported: 'This browser cannot share its screen. In a browser on a computer it can be done.',
      unreadable:
        'The screen could not be read. Allow screen recording for the browser in the settings of your computer, and try again.',
      notLoaded: 'The screen could not be shown. Check your connection and try again.',
      noMedia: 'The connection for the picture could not be made. Please try again.',
      notAllowed: 'This is not offered here.',
      running: 'Somebody is sharing a screen in this conversation already.',
      offline: 'You are offline. Nothing is shown until the connection is back.',
      other: 'That did not work. Please try again.',
    },
    de: {
      screenOf: 'Bildschirm von {name}',
      onItsWay: 'Der Bildschirm von {name} kommt gleich …',
      fit: 'Einpassen',
      actualSize: 'Originalgröße',
      fullScreen: 'Vollbild',
      soundOn: 'Ton an',
      soundOff: 'Ton aus',
      elsewhere: 'Sie sehen diesen Bildschirm in einem anderen Tab.',
      showHere: 'Hier zeigen',
      notHere: 'Der Bildschirm lässt sich gerade nicht zeigen.',
      tryAgain: 'Noch einmal versuchen',
      another: 'Anderes Fenster, anderer Tab oder Bildschirm …',
      ownElsewhere: 'Sie zeigen etwas aus einem anderen Tab oder Fenster.',
      goodAt: 'Das Bild ist am besten für',
      sharpText: 'Scharfe Schrift',
      smoothVideo: 'Flüssiges Video',
      refused:
        'Es wird nichts gezeigt. Wählen Sie in der Frage des Browsers einen Bildschirm, ein Fenster oder einen Tab.',
      blocked:
        'Diese Website lässt es nicht zu, den Bildschirm von hier zu zeigen. Versuchen Sie es in einem eigenen Fenster.',
      unsupported: 'Dieser Browser kann seinen Bildschirm nicht zeigen. In einem Browser auf einem Computer geht es.',
      unreadable:
        'Der Bildschirm ließ sich nicht lesen. Erlauben Sie dem Browser in den Einstellungen Ihres Computers die Bildschirmaufnahme und versuchen Sie es noch einmal.',
      notLoaded: 'Der Bildschirm ließ sich nicht zeigen. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
      noMedia: 'Die Verbindung für das Bild kam nicht zustande. Bitte versuchen Sie es noch einmal.',
      notAllowed: 'Das wird hier nicht angeboten.',
      running: 'In diesem Gespräch wird schon ein Bildschirm gezeigt.',
      offline: 'Sie sind offline. Es wird nichts gezeigt, bis die Verbindung zurück ist.',
      other: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
    },
  },
  language,
);

/** A plain sentence for whatever kept a screen from being shown. */
export function sayScreenFault(fault: SharedScreenFault): string {
  return sayScreen(toSentence(fault));
}

function toSentence(fault: SharedScreenFault) {
  switch (fault) {
    case 'screen-refused':
      return 'refused';
    case 'screen-blocked':
      return 'blocked';
    case 'screen-unsupported':
      return 'unsupported';
    case 'screen-unreadable':
      return 'unreadable';
    case 'not-loaded':
      return 'notLoaded';
    case 'media-unavailable':
    case 'call-ended':
      return 'noMedia';
    case 'share-not-allowed':
    case 'forbidden':
      return 'notAllowed';
    case 'share-running':
      return 'running';
    case 'offline':
    case 'timeout':
      return 'offline';
    default:
      return 'other';
  }
}
