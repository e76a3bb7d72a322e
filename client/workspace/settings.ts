import { effect, signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { KeyValueStorage } from '../connection/safe-storage.ts';
import { chooseLanguage, LANGUAGES } from '../ui/language.ts';
import type { Language } from '../ui/language.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** What one person set up for this browser (A10). */
export interface WorkspaceSettings {
  language: Language;
  theme: ThemeChoice;
  hasSounds: boolean;
}

const STORAGE_KEY = 'foyer.workspace.settings';
const EMAIL_KEY = 'foyer.workspace.email';

export type SettingsSignal = Signal<WorkspaceSettings> & { close(): void };

/** The settings as a signal that keeps itself in the browser and follows the agent's other tabs. */
export function createSettings(storage: KeyValueStorage, browserLanguages: readonly string[]): SettingsSignal {
  const settings = signal(parseSettings(storage.get(STORAGE_KEY), browserLanguages));
  let isFirstRun = true;
  const stopKeeping = effect(() => {
    const text = JSON.stringify(settings.value);
    // What was only read is not written back, or each new tab would freeze the browser's language for good.
    if (!isFirstRun) storage.set(STORAGE_KEY, text);
    isFirstRun = false;
  });
  const handleStorage = (event: StorageEvent): void => {
    if (event.key === STORAGE_KEY) settings.value = parseSettings(event.newValue, browserLanguages);
  };
  globalThis.addEventListener?.('storage', handleStorage);
  return Object.assign(settings, {
    close() {
      stopKeeping();
      globalThis.removeEventListener?.('storage', handleStorage);
    },
  });
}

/** Whatever stands in the storage (an older version, a hand edit): what can be read counts, the rest is default. */
export function parseSettings(stored: string | null, browserLanguages: readonly string[]): WorkspaceSettings {
  const kept = parseObject(stored);
  const theme = kept['theme'];
  return {
    language: LANGUAGES.find((known) => known === kept['language']) ?? chooseLanguage(browserLanguages),
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    hasSounds: kept['hasSounds'] !== false,
  };
}

export function readRememberedEmail(storage: KeyValueStorage): string {
  return storage.get(EMAIL_KEY) ?? '';
}

export function rememberEmail(storage: KeyValueStorage, email: string): void {
  storage.set(EMAIL_KEY, email);
}

function parseObject(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
