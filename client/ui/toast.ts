import { signal, type ReadonlySignal } from '@preact/signals';

export interface Toast {
  key: number;
  tone: 'plain' | 'bad';
  text: string;
}

/** Long enough to read two lines; an error stays until it is dismissed. */
const SHOWN_MS = 5_000;
const MAX_SHOWN = 3;

const shown = signal<readonly Toast[]>([]);
let nextKey = 1;

/** What `ToastRegion` shows right now, oldest first. */
export const toasts: ReadonlySignal<readonly Toast[]> = shown;

/** Tells the person something that needs no answer, such as "Another agent was faster." */
export function showToast(text: string, tone: Toast['tone'] = 'plain'): void {
  const toast = { key: nextKey, tone, text };
  nextKey += 1;
  shown.value = [...shown.value.filter((other) => other.text !== text), toast].slice(-MAX_SHOWN);
  if (tone === 'plain') setTimeout(() => dismissToast(toast.key), SHOWN_MS);
}

export function dismissToast(key: number): void {
  shown.value = shown.value.filter((toast) => toast.key !== key);
}
