/**
 * How the widget and the window of its own meet. Both pages are of one origin, so they call each other's functions;
 * the first word goes by `postMessage`, since after a change of page the window does not know who the widget is.
 */
export interface WindowShell {
  /** Where the conversation is drawn. */
  readonly root: HTMLElement;
  /** The conversation is drawn here now. */
  take(): void;
  /** The page with the widget goes: this window looks for the next one. */
  release(): void;
  /** Brings the page to the front. Within a click in this window, otherwise browsers ignore it. */
  focusPage(): void;
  /**
   * Hands the right of a click in this window on to the widget, which is to open the browser's question for a screen:
   * what the frame asks for lives as long as the page, not as long as this window. False where browsers cannot do it.
   */
  lendCapture(widget: Window): boolean;
}

declare global {
  interface Window {
    foyerShell?: WindowShell;
  }
}

export interface WindowReady {
  foyer: 'window-ready';
  siteKey: string;
}

/** The message that comes with the lent right. */
export const CAPTURE_LENT = { foyer: 'capture-lent' } as const;

export function isWindowReady(value: unknown, siteKey: string): value is WindowReady {
  return isRecord(value) && value['foyer'] === 'window-ready' && value['siteKey'] === siteKey;
}

export function isCaptureLent(value: unknown): boolean {
  return isRecord(value) && value['foyer'] === CAPTURE_LENT.foyer;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
