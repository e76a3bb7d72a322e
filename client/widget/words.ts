import type { ConversationView, QueueView } from '../../protocol/conversations.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { AvailabilityView } from '../../protocol/sites.ts';
import { language } from '../ui/language.ts';
import { say } from './texts.ts';

const MINUTE_MS = 60_000;

/** Who is there and how fast they usually answer; what is not known is left out rather than guessed. */
export function sayAvailability({ agentCount, typicalAnswerMs }: AvailabilityView): string {
  const people = agentCount > 0 ? [say('colleaguesHere', { count: agentCount })] : [];
  return [...people, ...sayAnswerTime(typicalAnswerMs)].join(' ');
}

function sayAnswerTime(typicalAnswerMs: number | null): string[] {
  if (typicalAnswerMs === null) return [];
  if (typicalAnswerMs < MINUTE_MS) return [say('answeredUnderMinute')];
  return [say('answeredInMinutes', { count: Math.round(typicalAnswerMs / MINUTE_MS) })];
}

/** "You are next", "2nd in line". */
export function sayPosition({ position }: QueueView): string {
  return position === 1 ? say('youAreNext') : say('inLine', { position: toOrdinal(position) });
}

export function sayEstimate({ estimatedWaitMs }: QueueView): string {
  if (estimatedWaitMs === null) return say('waitUnknown');
  if (estimatedWaitMs < MINUTE_MS) return say('waitUnderMinute');
  // Rounded up: being early is a nicer surprise than being late.
  return say('waitMinutes', { count: Math.ceil(estimatedWaitMs / MINUTE_MS) });
}

const ENGLISH_ORDINAL_ENDINGS: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };

function toOrdinal(number: number): string {
  if (language.value === 'de') return String(number);
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(number);
  return `${number}${ENGLISH_ORDINAL_ENDINGS[rule] ?? 'th'}`;
}

/** Why it is over; in doubt nothing, rather than something that may be wrong. */
export function sayEnd({ endReason, agent }: ConversationView): string | null {
  switch (endReason) {
    case 'agent-ended':
      return say('endedByAgent', { name: agent?.name ?? say('support') });
    case 'visitor-ended':
      return say('endedByVisitor');
    case 'visitor-left':
    case 'abandoned':
      return say('endedByAbsence');
    case 'orphaned':
      return say('endedUnanswered');
    default:
      return null;
  }
}

/** A refused request in words for the visitor. */
export function sayFailure(code: ErrorCode): string {
  switch (code) {
    case 'offline':
    case 'timeout':
      return say('failureOffline');
    case 'rate-limited':
    case 'limit-reached':
      return say('failureRateLimited');
    case 'nobody-available':
      return say('failureNobody');
    case 'modality-not-offered':
      return say('failureModality');
    case 'conversation-running':
      return say('failureRunning');
    case 'too-large':
      return say('failureTooLarge');
    case 'client-too-old':
    case 'client-too-new':
      return say('failureOutdated');
    default:
      return say('failureOther');
  }
}
