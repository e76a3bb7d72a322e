/** One line outside of the page, shown by the system. */
export interface DesktopNote {
  /** A newer note of the same key takes the place of the older one. */
  key: string;
  title: string;
  body: string;
  onChoose?: () => void;
}

export interface DesktopNotes {
  tell(note: DesktopNote): void;
  /** Shows those of `prefix` that are new and takes away those that are over. */
  keep(prefix: string, notes: readonly DesktopNote[]): void;
  close(): void;
}

export interface DesktopNoteOptions {
  /** Whether the page sounds by itself, or nothing shall sound at all. */
  isSilent: () => boolean;
}

export type NotePermission = 'granted' | 'denied' | 'default' | 'unsupported';

export function readNotePermission(): NotePermission {
  return typeof Notification === 'undefined' || !globalThis.isSecureContext ? 'unsupported' : Notification.permission;
}

/** Ask within a click: browsers refuse the question at any other time. */
export async function askNotePermission(): Promise<NotePermission> {
  if (readNotePermission() !== 'default') return readNotePermission();
  return Notification.requestPermission();
}

/** Desktop notifications while the workspace is hidden; where they are not permitted, nothing happens. */
export function createDesktopNotes({ isSilent }: DesktopNoteOptions): DesktopNotes {
  const shown = new Map<string, Notification>();
  /** Also those that could not be shown: an offer from while the page was visible must not pop up later. */
  const kept = new Set<string>();

  const show = (note: DesktopNote): void => {
    if (document.visibilityState === 'visible' && document.hasFocus()) return;
    if (readNotePermission() !== 'granted') return;
    try {
      const notification = new Notification(note.title, {
        body: note.body.slice(0, 200),
        tag: note.key,
        silent: isSilent(),
      });
      notification.addEventListener('click', () => {
        window.focus();
        notification.close();
        note.onChoose?.();
      });
      shown.set(note.key, notification);
    } catch {
      // Some phones know the permission but allow notifications only to installed pages.
    }
  };
  const hide = (key: string): void => {
    shown.get(key)?.close();
    shown.delete(key);
  };

  return {
    tell: show,
    keep(prefix, notes) {
      const wanted = new Set(notes.map(({ key }) => key));
      for (const key of [...kept].filter((known) => known.startsWith(prefix) && !wanted.has(known))) {
        kept.delete(key);
        hide(key);
      }
      for (const note of notes) {
        if (kept.has(note.key)) continue;
        kept.add(note.key);
        show(note);
      }
    },
    close() {
      for (const key of shown.keys()) hide(key);
      kept.clear();
    },
  };
}
