import { CAPTURE_LENT, type WindowReady } from './window-shell.ts';
import { sayWindow } from './window-texts.ts';

/** The next page of a slow shop is there by then. */
const GIVE_UP_AFTER_MS = 10_000;
const LOOK_EVERY_MS = 250;

/**
 * The window of its own, a page without a conversation: it offers its document to the widget that opened it and, when
 * the visitor goes to another page of the site, to the widget there.
 */
export function openWindowPage(root: HTMLElement, siteKey: string): void {
  const host = findHost();
  if (host === null) {
    // Sites may keep their pages apart from all windows (COOP); the widget is told that nothing was opened.
    window.close();
    showLeft(root);
    return;
  }
  let looking: ReturnType<typeof setInterval> | undefined;

  const stopLooking = () => {
    clearInterval(looking);
    looking = undefined;
  };
  const lookSince = (startedAtMs: number) => {
    stopLooking();
    let hasGivenUp = false;
    const look = () => {
      // The page was closed: there is nothing left to come back to.
      if (host.closed) window.close();
      for (const frame of listOwnFrames(host)) {
        const ready: WindowReady = { foyer: 'window-ready', siteKey };
        frame.postMessage(ready, location.origin);
      }
      if (hasGivenUp || performance.now() - startedAtMs < GIVE_UP_AFTER_MS) return;
      hasGivenUp = true;
      showLeft(root);
    };
    looking = setInterval(look, LOOK_EVERY_MS);
    look();
  };

  window.foyerShell = {
    root,
    take() {
      stopLooking();
      root.replaceChildren();
    },
    release() {
      showNote(root, sayWindow('coming'));
      lookSince(performance.now());
    },
    focusPage: () => host.focus(),
    lendCapture(widget) {
      try {
        // `delegate` is newer than the library's own types.
        const options: WindowPostMessageOptions & { delegate: string } = {
          targetOrigin: location.origin,
          delegate: 'display-capture',
        };
        widget.postMessage(CAPTURE_LENT, options);
        return true;
      } catch {
        return false;
      }
    },
  };
  showNote(root, sayWindow('coming'));
  lookSince(performance.now());
}

/** The page around the widget: it stays the same object when the visitor goes from page to page. */
function findHost(): Window | null {
  try {
    return (window.opener as Window | null)?.parent ?? null;
  } catch {
    return null;
  }
}

function listOwnFrames(host: Window): Window[] {
  return Array.from({ length: host.length }, (_, index) => host[index]).filter(
    (frame): frame is Window => frame !== undefined && isOfOurOrigin(frame),
  );
}

function isOfOurOrigin(frame: Window): boolean {
  try {
    return frame.location.origin === location.origin;
  } catch {
    return false;
  }
}

function showLeft(root: HTMLElement): void {
  const title = document.createElement('h1');
  title.textContent = sayWindow('leftTitle');
  const detail = document.createElement('p');
  detail.textContent = sayWindow('leftDetail');
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = sayWindow('close');
  close.addEventListener('click', () => window.close());
  showNote(root, title, detail, close);
}

function showNote(root: HTMLElement, ...content: (Node | string)[]): void {
  const note = document.createElement('main');
  note.className = 'window-note';
  note.setAttribute('role', 'main');
  note.setAttribute('aria-live', 'polite');
  note.append(...content);
  root.replaceChildren(note);
}
