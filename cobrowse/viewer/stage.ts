import { toWatermarkImage } from '../watermark-image.ts';

/** What the viewer says to a person, in the workspace's language. */
export type StageNote = 'navigating' | 'blank' | 'waiting' | 'failed';

/**
 * The viewer's own page around the copy: the visitor's window at its size, scaled to fit, and what lies above it. Whatever
 * the shared page contains lives inside a frame below these layers and cannot come above them.
 */
export interface Stage {
  /** Where copies are built. */
  readonly copies: HTMLElement;
  /** Takes the agent's pointer and keys, so that nothing on the copy is ever clicked. */
  readonly overlay: HTMLElement;
  readonly marks: HTMLCanvasElement;
  /** For fields that stand over the copy. */
  readonly fields: HTMLElement;
  /** Of the visitor's window, in CSS pixels. */
  readonly size: { width: number; height: number };
  readonly scale: number;
  resize(width: number, height: number): void;
  setFit(fit: 'fit' | 'actual-size'): void;
  setTouch(isTouch: boolean): void;
  /** Where the visitor looks while the agent looks elsewhere, in pixels of the window; null while both look at the same. */
  setOutline(box: { left: number; top: number; width: number; height: number } | null): void;
  setNote(note: StageNote | null, text: string): void;
  setStale(text: string | null): void;
  setWatermark(text: string | null): void;
  announce(text: string): void;
  /** A point of this page as one of the visitor's window. */
  toWindowPoint(clientX: number, clientY: number): { x: number; y: number };
  onLayout(listener: () => void): void;
  close(): void;
}

const START_SIZE = { width: 1280, height: 800 };
const MARGIN = 16;

export function createStage(root: HTMLElement): Stage {
  root.replaceChildren();
  const scroller = add(root, 'viewer-scroller');
  const sizer = add(scroller, 'viewer-sizer');
  const device = add(sizer, 'viewer-device');
  const copies = add(device, 'viewer-copies');
  const outline = add(sizer, 'viewer-outline');
  const marks = document.createElement('canvas');
  marks.className = 'viewer-marks';
  sizer.append(marks);
  const overlay = add(sizer, 'viewer-overlay');
  overlay.tabIndex = 0;
  const fields = add(sizer, 'viewer-fields');
  const watermark = add(root, 'viewer-watermark');
  const note = add(root, 'viewer-note');
  const stale = add(root, 'viewer-stale');
  const live = add(root, 'viewer-announcer');
  live.setAttribute('aria-live', 'polite');
  note.setAttribute('role', 'status');
  outline.hidden = true;
  stale.hidden = true;

  const listeners = new Set<() => void>();
  let size = START_SIZE;
  let fit: 'fit' | 'actual-size' = 'fit';
  let scale = 1;

  function lay(): void {
    const room = { width: root.clientWidth - MARGIN * 2, height: root.clientHeight - MARGIN * 2 };
    const wanted = Math.min(room.width / size.width, room.height / size.height, 1);
    scale = fit === 'fit' && wanted > 0.02 ? wanted : 1;
    device.style.width = `${size.width}px`;
    device.style.height = `${size.height}px`;
    device.style.transform = `scale(${scale})`;
    sizer.style.width = `${size.width * scale}px`;
    sizer.style.height = `${size.height * scale}px`;
    const density = Math.min(window.devicePixelRatio || 1, 2);
    marks.width = Math.max(1, Math.round(size.width * scale * density));
    marks.height = Math.max(1, Math.round(size.height * scale * density));
    for (const listener of listeners) listener();
  }

  const watch = new ResizeObserver(lay);
  watch.observe(root);
  lay();

  return {
    copies,
    overlay,
    marks,
    fields,
    get size() {
      return size;
    },
    get scale() {
      return scale;
    },
    resize(width, height) {
      if (width === size.width && height === size.height) return;
      size = { width, height };
      lay();
    },
    setFit(chosen) {
      fit = chosen;
      root.dataset['fit'] = chosen;
      lay();
    },
    setTouch(isTouch) {
      device.classList.toggle('viewer-phone', isTouch);
    },
    setOutline(box) {
      outline.hidden = box === null;
      if (box === null) return;
      outline.style.left = `${box.left * scale}px`;
      outline.style.top = `${box.top * scale}px`;
      outline.style.width = `${box.width * scale}px`;
      outline.style.height = `${box.height * scale}px`;
    },
    setNote(kind, text) {
      root.dataset['note'] = kind ?? '';
      if (note.textContent !== text) note.textContent = text;
    },
    setStale(text) {
      stale.hidden = text === null;
      if (text !== null) stale.textContent = text;
    },
    setWatermark(text) {
      watermark.style.backgroundImage = text === null ? '' : toWatermarkImage(text);
    },
    announce(text) {
      live.textContent = '';
      live.textContent = text;
    },
    toWindowPoint(clientX, clientY) {
      const box = device.getBoundingClientRect();
      return { x: (clientX - box.left) / scale, y: (clientY - box.top) / scale };
    },
    onLayout(listener) {
      listeners.add(listener);
    },
    close() {
      watch.disconnect();
      listeners.clear();
      root.replaceChildren();
    },
  };
}

function add(parent: HTMLElement, className: string): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  parent.append(element);
  return element;
}
