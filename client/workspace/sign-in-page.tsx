import { useEffect, useRef, useState } from 'preact/hooks';
import { LogIn } from 'lucide-preact';
import type { KeyValueStorage } from '../connection/safe-storage.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { formatDuration } from '../ui/format-time.ts';
import { LANGUAGES } from '../ui/language.ts';
import { TextField } from '../ui/text-field.tsx';
import { BrandMark } from './brand-mark.tsx';
import { readRememberedEmail, rememberEmail } from './settings.ts';
import type { SettingsSignal } from './settings.ts';
import type { SignIn, SignInState } from './sign-in-state.ts';
import { saySignIn } from './sign-in-texts.ts';
import { say } from './texts.ts';
import styles from './sign-in-page.module.css';
import { useNow } from './use-now.ts';

export interface SignInPageProps {
  door: SignIn;
  settings: SettingsSignal;
  storage: KeyValueStorage;
}

/** E-mail, password, and in words what went wrong the last time. */
export function SignInPage({ door, settings, storage }: SignInPageProps) {
  const state = door.state.value;
  return (
    <div class={styles.page}>
      <main class={styles.card}>
        <BrandMark />
        <h1 class={styles.title}>{saySignIn('signInTitle')}</h1>
        <p class={styles.lead}>{saySignIn('signInLead')}</p>
        {state.phase === 'checking' ? (
          <p class={styles.checking} role="status">
            {say('connecting')}
          </p>
        ) : (
          <SignInForm door={door} state={state} storage={storage} />
        )}
      </main>
      <footer class={styles.languages}>
        {LANGUAGES.map((language) => (
          <button
            key={language}
            type="button"
            class={styles.language}
            lang={language}
            aria-pressed={settings.value.language === language}
            onClick={() => (settings.value = { ...settings.value, language })}
          >
            {language === 'de' ? 'Deutsch' : 'English'}
          </button>
        ))}
      </footer>
    </div>
  );
}

function SignInForm({ door, state, storage }: { door: SignIn; state: SignInState; storage: KeyValueStorage }) {
  const [email, setEmail] = useState(() => readRememberedEmail(storage));
  const [password, setPassword] = useState('');
  const [isCapsLockOn, setCapsLockOn] = useState(false);
  const [missing, setMissing] = useState<'email' | 'password' | null>(null);
  const emailInput = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const lockedForMs = useLockedForMs(state);

  useEffect(() => {
    (email ? passwordInput : emailInput).current?.focus();
  }, []);
  useEffect(() => {
    if (state.phase === 'rejected' && state.fault.fault === 'wrong-credentials') passwordInput.current?.select();
  }, [state]);

  const handleSubmit = (event: Event): void => {
    event.preventDefault();
    const firstMissing = email.trim() === '' ? 'email' : password === '' ? 'password' : null;
    setMissing(firstMissing);
    if (firstMissing) {
      (firstMissing === 'email' ? emailInput : passwordInput).current?.focus();
      return;
    }
    rememberEmail(storage, email.trim());
    void door.signIn(email.trim(), password);
  };
  const noteCapsLock = (event: KeyboardEvent | MouseEvent): void => setCapsLockOn(event.getModifierState('CapsLock'));

  return (
    <form class={styles.form} onSubmit={handleSubmit} noValidate>
      <Trouble state={state} lockedForMs={lockedForMs} />
      <TextField
        label={saySignIn('email')}
        type="email"
        name="email"
        autocomplete="username"
        value={email}
        onInput={setEmail}
        inputRef={emailInput}
        error={missing === 'email' ? saySignIn('emailMissing') : null}
      />
      <TextField
        label={saySignIn('password')}
        type="password"
        name="password"
        autocomplete="current-password"
        value={password}
        onInput={setPassword}
        inputRef={passwordInput}
        onKeyDown={noteCapsLock}
        onKeyUp={noteCapsLock}
        onBlur={() => setCapsLockOn(false)}
        hint={isCapsLockOn ? saySignIn('capsLock') : null}
        error={missing === 'password' ? saySignIn('passwordMissing') : null}
      />
      <Button
        type="submit"
        variant="primary"
        size="large"
        icon={<LogIn size={18} />}
        isBusy={state.phase === 'signing-in'}
        aria-disabled={lockedForMs > 0}
      >
        {saySignIn('signIn')}
      </Button>
    </form>
  );
}

/** One line above the fields: why one is here, or what to do about a refusal. */
function Trouble({ state, lockedForMs }: { state: SignInState; lockedForMs: number }) {
  const words = toTroubleWords(state, lockedForMs);
  if (!words) return null;
  return (
    <div class={styles.trouble}>
      <Banner tone={state.phase === 'signed-out' ? 'info' : 'bad'}>{words}</Banner>
    </div>
  );
}

function toTroubleWords(state: SignInState, lockedForMs: number): string | null {
  if (state.phase === 'unreachable') return saySignIn('faultUnreachable');
  if (state.phase === 'signed-out') {
    if (state.reason === 'expired') return saySignIn('signedOutExpired');
    if (state.reason === 'disabled') return saySignIn('signedOutDisabled');
    return state.reason === 'signed-out' ? saySignIn('signedOutElsewhere') : null;
  }
  if (state.phase !== 'rejected') return null;
  switch (state.fault.fault) {
    case 'wrong-credentials':
      return saySignIn('faultWrongCredentials');
    case 'locked-out':
      return lockedForMs > 0 ? saySignIn('faultLockedOut', { time: formatDuration(lockedForMs) }) : null;
    case 'unreachable':
      return saySignIn('faultUnreachable');
    case 'refused':
      return saySignIn('faultSignInRefused');
  }
}

/** Counts down to the moment at which the next attempt makes sense. */
function useLockedForMs(state: SignInState): number {
  const now = useNow(state.phase === 'rejected' && state.fault.fault === 'locked-out');
  if (state.phase !== 'rejected' || state.fault.fault !== 'locked-out') return 0;
  return Math.max(0, state.at + state.fault.retryAfterMs - now);
}
