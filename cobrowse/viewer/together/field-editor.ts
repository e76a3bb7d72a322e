import type { ShareAct } from '../../../protocol/sharing.ts';
import type { Stage } from '../stage.ts';
import { toFieldKind } from './act-target.ts';
import type { Box } from './page-places.ts';

const SEND_AFTER_MS = 150;
const MAX_TEXT = 4_000;
/** While the agent has not typed for this long, the field shows what the visitor's says. */
const OWN_TEXT_MS = 1_500;

/**
 * A field of ours that stands exactly over the visitor's, so that typing, pasting, input methods and a screen reader
 * work as in any field; what it holds is sent as the visitor's field's new content.
 */
export interface FieldEditor {
  /** False when this is no field that is typed into or chosen from. */
  open(nodeId: number, element: Element): boolean;
  /** Moves with the page, takes over what the visitor's field says, and goes when that is gone. */
  follow(): void;
  close(): void;
}

export interface FieldEditorHost {
  stage: Stage;
  act(act: ShareAct): void;
  boxOf(nodeId: number): Box | undefined;
  findElement(nodeId: number): Element | undefined;
  names(): { typeHere: string; chooseHere: string };
}

export function createFieldEditor(host: FieldEditorHost): FieldEditor {
  let editor: OpenEditor | undefined;

  function close(): void {
    const closing = editor;
    editor = undefined;
    closing?.flush();
    closing?.input.remove();
  }

  function follow(): void {
    if (editor === undefined) return;
    const box = host.boxOf(editor.nodeId);
    const source = host.findElement(editor.nodeId);
    if (box === undefined || source === undefined) return close();
    const { scale } = host.stage;
    const { style } = editor.input;
    style.left = `${box.x * scale}px`;
    style.top = `${box.y * scale}px`;
    style.width = `${Math.max(60, box.width * scale)}px`;
    style.height = `${Math.max(24, box.height * scale)}px`;
    style.fontSize = `${Math.max(11, 15 * scale)}px`;
    editor.update(source);
  }

  return {
    open(nodeId, element) {
      const kind = toFieldKind(element);
      close();
      if (kind === undefined) return false;
      const finish = (): void => {
        close();
        host.stage.overlay.focus({ preventScroll: true });
      };
      editor =
        kind === 'choice'
          ? openChoice(host, nodeId, element as HTMLSelectElement, finish)
          : openText(host, nodeId, element as HTMLInputElement | HTMLTextAreaElement, kind, finish);
      host.stage.fields.append(editor.input);
      follow();
      editor.input.focus({ preventScroll: true });
      return true;
    },
    follow,
    close,
  };
}

interface OpenEditor {
  nodeId: number;
  input: HTMLElement;
  update(source: Element): void;
  flush(): void;
}

function openText(
  host: FieldEditorHost,
  nodeId: number,
  source: HTMLInputElement | HTMLTextAreaElement,
  kind: 'line' | 'lines',
  finish: () => void,
): OpenEditor {
  const input = document.createElement(kind === 'lines' ? 'textarea' : 'input');
  input.className = 'viewer-field';
  input.setAttribute('aria-label', host.names().typeHere);
  input.autocomplete = 'off';
  input.spellcheck = false;
  input.maxLength = MAX_TEXT;
  input.value = source.value.slice(0, MAX_TEXT);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let typedAt = -Infinity;

  function flush(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    host.act({ kind: 'type', nodeId, text: input.value.slice(0, MAX_TEXT) });
  }

  input.addEventListener('input', () => {
    typedAt = performance.now();
    clearTimeout(timer);
    timer = setTimeout(flush, SEND_AFTER_MS);
  });
  input.addEventListener('keydown', (event) => {
    const key = (event as KeyboardEvent).key;
    if ((event as KeyboardEvent).isComposing) return;
    const isEnter = key === 'Enter' && (kind === 'line' || (event as KeyboardEvent).ctrlKey);
    if (!isEnter && key !== 'Escape' && !(key === 'Tab' && !(event as KeyboardEvent).shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    flush();
    host.act({ kind: 'press', nodeId, key: isEnter ? 'Enter' : (key as 'Escape' | 'Tab') });
    if (!isEnter) finish();
  });
  input.addEventListener('blur', flush);

  return {
    nodeId,
    input,
    update(now) {
      const { value } = now as HTMLInputElement;
      const isOwn = timer !== undefined || performance.now() - typedAt < OWN_TEXT_MS;
      if (!isOwn && typeof value === 'string' && value !== input.value) input.value = value.slice(0, MAX_TEXT);
    },
    flush,
  };
}

function openChoice(host: FieldEditorHost, nodeId: number, source: HTMLSelectElement, finish: () => void): OpenEditor {
  const input = document.createElement('select');
  input.className = 'viewer-field';
  input.setAttribute('aria-label', host.names().chooseHere);
  input.multiple = source.multiple;

  function fill(now: HTMLSelectElement): void {
    const wanted = Array.from(now.options, (option) => option.label);
    if (wanted.join('\n') !== Array.from(input.options, (option) => option.label).join('\n')) {
      input.replaceChildren(
        ...Array.from(now.options, ({ label, disabled }) => {
          const option = new Option(label);
          option.disabled = disabled;
          return option;
        }),
      );
    }
    Array.from(now.options).forEach(({ selected }, index) => {
      const own = input.options[index];
      if (own !== undefined && document.activeElement !== input) own.selected = selected;
    });
  }

  fill(source);
  input.addEventListener('change', () => {
    const indexes = Array.from(input.selectedOptions, ({ index }) => index).slice(0, 500);
    host.act({ kind: 'select', nodeId, indexes });
    if (!input.multiple) finish();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' && event.key !== 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    finish();
  });
  return { nodeId, input, update: (now) => fill(now as HTMLSelectElement), flush: () => {} };
}
