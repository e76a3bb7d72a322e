import { createTranslator } from '../i18n.ts';
import { language } from '../language.ts';

/** What to do about a microphone or camera that does not start (M14), in the words of the browser in use. */
export const sayMediaFault = createTranslator(
  {
    en: {
      microphone: 'microphone',
      camera: 'camera',
      microphoneTitle: 'Your microphone could not be started',
      cameraTitle: 'Your camera could not be started',
      both: 'microphone and camera',
      bothTitle: 'Your microphone and camera could not be started',
      microphoneMeanwhile: 'You can listen meanwhile; the other side does not hear you yet.',
      cameraMeanwhile: 'The call goes on with your voice.',

      refusedChrome:
        'The browser blocks the {device} for this page. Click the symbol at the left end of the address bar, allow the {device} there, then try again.',
      refusedChromeMobile:
        'The browser blocks the {device} for this page. Tap the symbol at the left end of the address bar, then “Permissions”, allow the {device}, then try again.',
      refusedEdge:
        'The browser blocks the {device} for this page. Click the padlock at the left end of the address bar, set the {device} to “Allow”, then try again.',
      refusedFirefox:
        'The browser blocks the {device} for this page. Click the crossed-out {device} symbol in the address bar, remove the block, then try again.',
      refusedSafari:
        'The browser blocks the {device} for this page. In the menu bar choose Safari › Settings for This Website, set the {device} to “Allow”, then try again.',
      refusedSafariMobile:
        'The browser blocks the {device} for this page. Tap the page symbol in the address bar, then “Website Settings”, set the {device} to “Allow”, then try again.',
      refusedOther:
        'The browser blocks the {device} for this page. Allow the {device} in the browser’s settings for this website, then try again.',
      promptClosed: 'The browser asked for the {device} and got no answer. Try again and choose “Allow”.',
      refusedBySystem:
        'Your computer does not let this browser use the {device}. Allow it in the system’s settings under “Privacy & security”, then try again.',
      refusedBySystemMobile:
        'Your device does not let this browser use the {device}. Allow it in the device’s settings under the browser’s app, then try again.',
      refusedByPage:
        'This website does not let its live help use the {device}. Nothing can be done about it here; please tell us in writing.',
      noDevice: 'The {device} could not be found. Connect one or switch it on, then try again.',
      deviceBusy:
        'Another program is using the {device}. Close it there, for example another video call, then try again.',
      deviceUnsuitable: 'The chosen {device} cannot be used. Choose another one in the device menu.',
      interrupted: 'The {device} stopped unexpectedly. Check plug and switch, then try again.',
      insecurePage:
        'This page was opened without encryption, and browsers then keep the {device} closed. Open it with “https://” at the beginning of the address.',
      unsupported:
        'This browser does not let web pages use the {device}. It works in a current Chrome, Edge, Firefox or Safari.',
      tryAgain: 'Try again',
    },
    de: {
      microphone: 'Mikrofon',
      camera: 'Kamera',
      microphoneTitle: 'Ihr Mikrofon ließ sich nicht starten',
      cameraTitle: 'Ihre Kamera ließ sich nicht starten',
      both: 'Mikrofon und Kamera',
      bothTitle: 'Mikrofon und Kamera ließen sich nicht starten',
      microphoneMeanwhile: 'Sie können inzwischen zuhören; die andere Seite hört Sie noch nicht.',
      cameraMeanwhile: 'Das Gespräch geht mit Ihrer Stimme weiter.',

      refusedChrome:
        'Der Browser sperrt den Zugriff auf „{device}“ für diese Seite. Klicken Sie auf das Symbol ganz links in der Adresszeile, erlauben Sie dort „{device}“ und versuchen Sie es erneut.',
      refusedChromeMobile:
        'Der Browser sperrt den Zugriff auf „{device}“ für diese Seite. Tippen Sie auf das Symbol ganz links in der Adresszeile, dann auf „Berechtigungen“, erlauben Sie „{device}“ und versuchen Sie es erneut.',
      refusedEdge:
        'Der Browser sperrt den Zugriff auf „{device}“ für diese Seite. Klicken Sie auf das Schloss ganz links in der Adresszeile, stellen Sie „{device}“ auf „Zulassen“ und versuchen Sie es erneut.',
      refusedFirefox:
        'Der Browser sperrt den Zugriff auf „{device}“ für diese Seite. Klicken Sie in der Adresszeile auf das durchgestrichene Symbol für „{device}“, heben Sie die Sperre auf und versuchen Sie es erneut.',
      refusedSafari:
        'Der Browser sperrt den Zugriff auf „{device}“ für diese Seite. Wählen Sie im Menü Safari › Einstellungen für diese Website, stellen Sie „{device}“ auf „Erlauben“ und versuchen Sie es erneut.',
      refusedSafariMobile:
        'Der Browser sperrt den Zugriff auf „{device}“ für diese Seite. Tippen Sie in der Adresszeile auf das Seitensymbol, dann auf „Website-Einstellungen“, stellen Sie „{device}“ auf „Erlauben“ und versuchen Sie es erneut.',
      refusedOther:
        'Der Browser sperrt den Zugriff auf „{device}“ für diese Seite. Erlauben Sie „{device}“ in den Einstellungen des Browsers für diese Website und versuchen Sie es erneut.',
      promptClosed:
        'Der Browser hat nach „{device}“ gefragt und keine Antwort bekommen. Versuchen Sie es erneut und wählen Sie „Zulassen“.',
      refusedBySystem:
        'Ihr Computer lässt diesen Browser nicht auf „{device}“ zugreifen. Erlauben Sie es in den Einstellungen des Systems unter „Datenschutz & Sicherheit“ und versuchen Sie es erneut.',
      refusedBySystemMobile:
        'Ihr Gerät lässt diesen Browser nicht auf „{device}“ zugreifen. Erlauben Sie es in den Einstellungen des Geräts bei der App des Browsers und versuchen Sie es erneut.',
      refusedByPage:
        'Diese Website erlaubt ihrer Live-Hilfe den Zugriff auf „{device}“ nicht. Hier lässt sich das nicht ändern; bitte schreiben Sie uns.',
      noDevice:
        'Es wurde kein Gerät für „{device}“ gefunden. Schließen Sie eines an oder schalten Sie es ein und versuchen Sie es erneut.',
      deviceBusy:
        'Ein anderes Programm verwendet gerade „{device}“. Beenden Sie es dort, zum Beispiel einen anderen Videoanruf, und versuchen Sie es erneut.',
      deviceUnsuitable:
        'Das gewählte Gerät für „{device}“ lässt sich nicht verwenden. Wählen Sie im Gerätemenü ein anderes.',
      interrupted:
        'Das Gerät für „{device}“ hat unerwartet aufgehört. Prüfen Sie Stecker oder Schalter und versuchen Sie es erneut.',
      insecurePage:
        'Diese Seite wurde ohne Verschlüsselung geöffnet; dann geben Browser „{device}“ nicht frei. Öffnen Sie sie mit „https://“ am Anfang der Adresse.',
      unsupported:
        'Dieser Browser kann auf Webseiten „{device}“ nicht verwenden. Es geht mit einem aktuellen Chrome, Edge, Firefox oder Safari.',
      tryAgain: 'Erneut versuchen',
    },
  },
  language,
);
