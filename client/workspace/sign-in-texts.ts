import { createTranslator } from '../ui/i18n.ts';
import { language } from '../ui/language.ts';

/** Words of the sign-in page. */
export const saySignIn = createTranslator(
  {
    en: {
      signInTitle: 'Welcome back',
      signInLead: 'Sign in to answer the visitors of your site.',
      email: 'E-mail',
      password: 'Password',
      signIn: 'Sign in',
      capsLock: 'Caps Lock is on.',
      emailMissing: 'Enter the e-mail address of your account.',
      passwordMissing: 'Enter your password.',
      faultWrongCredentials: 'E-mail or password is not right. Check both and try again.',
      faultLockedOut: 'Too many attempts. Sign-in opens again in {time}.',
      faultUnreachable: 'The server cannot be reached. Check your connection and try again.',
      faultSignInRefused: 'The server did not let you in. Ask the person who runs it.',
      signedOutExpired: 'Your session has ended. Sign in to go on where you were.',
      signedOutElsewhere: 'You signed out in another tab.',
      signedOutDisabled: 'Your account has been closed. Ask your administrator.',
    },
    de: {
      signInTitle: 'Willkommen zurück',
      signInLead: 'Melden Sie sich an, um den Besuchern Ihrer Website zu antworten.',
      email: 'E-Mail',
      password: 'Passwort',
      signIn: 'Anmelden',
      capsLock: 'Die Feststelltaste ist an.',
      emailMissing: 'Geben Sie die E-Mail-Adresse Ihres Kontos ein.',
      passwordMissing: 'Geben Sie Ihr Passwort ein.',
      faultWrongCredentials: 'E-Mail oder Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es erneut.',
      faultLockedOut: 'Zu viele Versuche. Die Anmeldung ist in {time} wieder möglich.',
      faultUnreachable: 'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
      faultSignInRefused: 'Der Server hat die Anmeldung abgelehnt. Fragen Sie die Person, die ihn betreibt.',
      signedOutExpired: 'Ihre Sitzung ist abgelaufen. Nach der Anmeldung geht es an derselben Stelle weiter.',
      signedOutElsewhere: 'Sie haben sich in einem anderen Tab abgemeldet.',
      signedOutDisabled: 'Ihr Konto wurde geschlossen. Fragen Sie Ihre Administration.',
    },
  },
  language,
);
