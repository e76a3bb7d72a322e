import type { ReadonlySignal } from '@preact/signals';
import { captureScreen, ScreenFault } from '../../../media/browser/screen-capture.ts';
import type { ScreenStyle } from '../../../media/browser/screen-style.ts';
import { isCaptureLent, type WindowShell } from './window-shell.ts';

/** The word from the window is there within a few milliseconds, or the browser knows no lending. */
const LENT_WITHIN_MS = 500;

/**
 * Opens the browser's question for a screen within a click in the window of its own. The frame borrows the right to
 * ask: its picture then outlives the window. Where browsers lend nothing, or the site
 * lets no frame ask, the window asks itself, and its picture ends with it.
 */
export async function captureInWindow(
  shellNow: ReadonlySignal<WindowShell | null>,
  style: ScreenStyle,
  mayShowThisTab: boolean,
): Promise<MediaStream> {
  const shell = shellNow.peek();
  if (shell === null) return captureScreen(style, mayShowThisTab);
  const hasLent = await borrow(shell);
  try {
    return await captureScreen(style, mayShowThisTab);
  } catch (thrown) {
    const view = shell.root.ownerDocument.defaultView;
    if (view === null || !isForWindow(thrown, hasLent)) throw thrown;
    const stream = await captureScreen(style, mayShowThisTab, view as typeof window);
    endWithWindow(stream, shell, shellNow);
    return stream;
  }
}

function borrow(shell: WindowShell): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (hasLent: boolean) => {
      clearTimeout(timer);
      removeEventListener('message', handleMessage);
      resolve(hasLent);
    };
    const handleMessage = ({ origin, source, data }: MessageEvent<unknown>) => {
      if (origin !== location.origin || source !== shell.root.ownerDocument.defaultView || !isCaptureLent(data)) return;
      finish(true);
    };
    const timer = setTimeout(() => finish(false), LENT_WITHIN_MS);
    addEventListener('message', handleMessage);
    if (!shell.lendCapture(window)) finish(false);
  });
}

/** Not where the person said no: they have been asked already. */
function isForWindow(thrown: unknown, hasLent: boolean): boolean {
  if (!(thrown instanceof ScreenFault)) return false;
  if (thrown.code === 'screen-blocked') return true;
  const isOutsideClick = thrown.cause instanceof Error && thrown.cause.name === 'InvalidStateError';
  return isOutsideClick || (!hasLent && thrown.code === 'screen-unreadable');
}

/** A track whose window is gone ends without a word, and the share would go on without a picture. */
function endWithWindow(stream: MediaStream, shell: WindowShell, shellNow: ReadonlySignal<WindowShell | null>): void {
  const stop = shellNow.subscribe((now) => {
    if (now === shell) return;
    for (const track of stream.getTracks()) {
      if (track.readyState === 'ended') continue;
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    queueMicrotask(() => stop());
  });
}
