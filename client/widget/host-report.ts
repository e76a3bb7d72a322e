import type { WidgetMessage } from '../embed/embed.ts';
import { isRunning, type WidgetState } from './widget-state.ts';

/** What the page around hears when the widget went from one state to the next. */
export function toHostReport(before: WidgetState, after: WidgetState): WidgetMessage[] {
  const report: WidgetMessage[] = [];
  if (after.session.phase === 'known') {
    const wasKnown = before.session.phase === 'known';
    const wasAvailable = before.session.phase === 'known' && before.session.availability.isAvailable;
    const { isAvailable } = after.session.availability;
    if (!wasKnown) report.push({ type: 'event', name: 'ready', value: true });
    if (!wasKnown || wasAvailable !== isAvailable) report.push({ type: 'event', name: 'status', value: isAvailable });
    if (wasKnown) report.push(...toConversationReport(before, after));
  }
  if (before.isOpen !== after.isOpen) report.push({ type: 'event', name: after.isOpen ? 'open' : 'close' });
  return report;
}

/** A conversation that a reload finds running has not started: this is for changes while the page watches. */
function toConversationReport(before: WidgetState, after: WidgetState): WidgetMessage[] {
  const [ran, runs] = [findRunningId(before), findRunningId(after)];
  if (ran === runs) return [];
  return [
    ...(ran === null ? [] : [{ type: 'event', name: 'ended' } as const]),
    ...(runs === null ? [] : [{ type: 'event', name: 'started' } as const]),
  ];
}

function findRunningId({ session }: WidgetState): string | null {
  if (session.phase !== 'known' || session.conversation === null) return null;
  return isRunning(session.conversation) ? session.conversation.conversationId : null;
}
