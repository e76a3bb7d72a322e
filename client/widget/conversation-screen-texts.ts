import { createTranslator } from '../ui/i18n.ts';
import { language } from '../ui/language.ts';

/** Words that are needed in a conversation alone, and so come with its code. */
export const sayInConversation = createTranslator(
  {
    en: {
      waitingTitle: 'One moment, please',
      routing: 'Routing your call…',
      agentBusyTitle: 'The operator is busy',
      agentBusy: 'Your request is queued and comes next as soon as somebody is free.',
      leaveQueue: 'Leave queue',
      writeMeanwhile: 'You can already write what it is about.',

      onHold: 'On hold',
      endChat: 'End chat',
      heldNotice: '{name} has put you on hold and will be back in a moment.',
      endedTitle: 'This conversation has ended',
      startNew: 'Start a new conversation',

      shareThisPage: 'Share this page',
      shareScreen: 'Share screen',

      callElsewhere: 'The call runs in another tab',
      callHeldNowhere: 'Your call is still running',
      continueHere: 'Continue here',
      callLoading: 'Opening the call…',
      callNotLoaded: 'The call could not be opened. Please check your connection.',
      callRefused: 'The call could not be started. Please try again.',

      windowRefused: 'Your browser did not open a window. Allow pop-ups for this page, or go on here.',
      askedInPage: 'Your browser asks you in the window of the page.',
      chooseInPage: 'Choose it in the window of the page. Escape there goes back.',
    },
    de: {
      waitingTitle: 'Einen Moment, bitte',
      routing: 'Sie werden verbunden…',
      agentBusyTitle: 'Gerade ist alles besetzt',
      agentBusy: 'Ihre Anfrage ist vorgemerkt und kommt dran, sobald jemand frei ist.',
      leaveQueue: 'Nicht mehr warten',
      writeMeanwhile: 'Sie können schon schreiben, worum es geht.',

      onHold: 'Gehalten',
      endChat: 'Beenden',
      heldNotice: '{name} hat Sie kurz auf Halten gelegt und ist gleich zurück.',
      endedTitle: 'Dieses Gespräch ist beendet',
      startNew: 'Neues Gespräch beginnen',

      shareThisPage: 'Diese Seite zeigen',
      shareScreen: 'Bildschirm zeigen',

      callElsewhere: 'Der Anruf läuft in einem anderen Tab',
      callHeldNowhere: 'Ihr Anruf läuft noch',
      continueHere: 'Hier fortsetzen',
      callLoading: 'Der Anruf wird geöffnet…',
      callNotLoaded: 'Der Anruf ließ sich nicht öffnen. Bitte prüfen Sie Ihre Verbindung.',
      callRefused: 'Der Anruf kam nicht zustande. Bitte versuchen Sie es noch einmal.',

      windowRefused:
        'Ihr Browser hat kein Fenster geöffnet. Erlauben Sie Pop-ups für diese Seite, oder bleiben Sie hier.',
      askedInPage: 'Ihr Browser fragt Sie im Fenster der Seite.',
      chooseInPage: 'Wählen Sie es im Fenster der Seite aus. Mit Escape geht es dort zurück.',
    },
  },
  language,
);
