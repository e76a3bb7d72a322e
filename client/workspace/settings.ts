import { effect, signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { KeyValueStorage } from '../connection/safe-storage.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';
export type LanguageChoice = 'en' | 'de';

/** What one person set up for this browser (A10). */
export interface WorkspaceSettings {
  language: LanguageChoice;
  theme: ThemeChoice;
  hasSounds: boolean;
}

const STORAGE_KEY = 'foyer.workspace.settings';
const EMAIL_KEY = 'foyer.workspace.email';

/** The settings as a signal that keeps itself in the browser and follows the agent's other tabs. */
export function createSettings(
  storage: KeyValueStorage,
  browserLanguages: readonly string[],
): Signal<WorkspaceSettings> & { close(): void } {
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
    language: toLanguage(kept['language']) ?? firstLanguage(browserLanguages),
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

function firstLanguage(browserLanguages: readonly string[]): LanguageChoice {
  for (const tag of browserLanguages) {
    const language = toLanguage(tag.slice(0, 2).toLowerCase());
    if (language) return language;
  }
  return 'en';
}

function toLanguage(value: unknown): LanguageChoice | null {
  return value === 'en' || value === 'de' ? value : null;
}

function parseObject(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
