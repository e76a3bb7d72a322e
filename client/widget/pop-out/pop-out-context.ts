import { createContext } from 'preact';
import type { PopOut } from './pop-out.ts';

/** Whether what is drawn stands in the page or in a window of its own; null where there is no such window. */
export const PopOutContext = createContext<{ popOut: PopOut; isInWindow: boolean } | null>(null);
