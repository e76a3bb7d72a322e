import { leaveMessageScreen } from './lazy-screens.ts';
import type { ShareDoor } from './share/share-door.ts';
import type { VisitorCall } from './visitor-call.ts';
import { toPanelScreen } from './widget-state.ts';
import type { Widget } from './widget.ts';

/**
 * Whether this page can be loaded anew without the visitor losing anything: a conversation, its draft and unsent words
 * come back by themselves, what stands in a form does not, and what runs here would be cut off.
 */
export function canBeginAnew(
  widget: Pick<Widget, 'state'>,
  call: Pick<VisitorCall, 'running'>,
  door: Pick<ShareDoor, 'opened'>,
): boolean {
  const { at } = toPanelScreen(widget.state.value);
  const isFormShown = at === 'form' || (at === 'leave-message' && leaveMessageScreen.module.value !== 'failed');
  const isRunningHere = call.running.value !== null || door.opened.value !== null || widget.state.value.isPoppedOut;
  return !isFormShown && !isRunningHere;
}
