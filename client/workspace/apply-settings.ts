import { effect } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { setLanguage } from '../ui/language.ts';
import type { WorkspaceSettings } from './settings.ts';
import './dark-theme.css';

/** Makes the page look and speak as the agent chose. */
export function applySettings(settings: ReadonlySignal<WorkspaceSettings>, page: Document): () => void {
  return effect(() => {
    const { language, theme } = settings.value;
    setLanguage(language);
    if (theme === 'system') delete page.documentElement.dataset['theme'];
    else page.documentElement.dataset['theme'] = theme;
  });
}
