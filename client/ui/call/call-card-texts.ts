import { createTranslator } from '../i18n.ts';
import { language } from '../language.ts';

/** Words of a call that rings; in the first open, so few. */
export const sayCallCard = createTranslator(
  {
    en: {
      voiceCallFrom: 'Voice call from {name}',
      videoCallFrom: 'Video call from {name}',
      voiceHint: 'Your microphone turns on when you accept.',
      videoHint: 'Your camera and microphone turn on when you accept.',
      accept: 'Accept',
      acceptWithoutCamera: 'Accept without camera',
      decline: 'Decline',
      calling: 'Calling {name}…',
      ringing: 'It rings at the other side.',
      cancel: 'Cancel',
    },
    de: {
      voiceCallFrom: 'Sprachanruf von {name}',
      videoCallFrom: 'Videoanruf von {name}',
      voiceHint: 'Ihr Mikrofon geht an, sobald Sie annehmen.',
      videoHint: 'Kamera und Mikrofon gehen an, sobald Sie annehmen.',
      accept: 'Annehmen',
      acceptWithoutCamera: 'Ohne Kamera annehmen',
      decline: 'Ablehnen',
      calling: '{name} wird angerufen …',
      ringing: 'Es klingelt auf der anderen Seite.',
      cancel: 'Abbrechen',
    },
  },
  language,
);
