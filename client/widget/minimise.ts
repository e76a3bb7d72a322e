import { returnFocus } from './focus.ts';
import type { Widget } from './widget.ts';

/** Puts the panel away by the visitor's own hand; the keyboard goes on at the button. */
export function minimise(widget: Widget): void {
  returnFocus();
  widget.dispatch({ kind: 'closed' });
}
