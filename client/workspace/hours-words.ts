import type { AgentView } from '../../protocol/accounts.ts';
import { toDepartmentName } from '../ui/department-name.ts';
import { formatDay, formatTime } from '../ui/format-time.ts';
import { language } from '../ui/language.ts';
import { say } from './texts.ts';

/** What stands below "Live Help" while it is on: whether visitors can ask at all, and what they see instead. */
export function sayHours(departments: AgentView['departments'], now: number): string {
  const shut = departments.flatMap((department) =>
    department.closed === null ? [] : [{ name: toDepartmentName(department), ...department.closed }],
  );
  if (shut.length === 0) return say('liveHelpOn');
  if (shut.length < departments.length) {
    return say('liveHelpPartClosed', { names: shut.map(({ name }) => name).join(', ') });
  }
  const isAnyLeaving = shut.some(({ whenUnavailable }) => whenUnavailable === 'leave-message');
  const words = say(isAnyLeaving ? 'liveHelpClosedLeave' : 'liveHelpClosed');
  const opensAt = Math.min(...shut.map((each) => each.opensAt ?? Infinity));
  if (!Number.isFinite(opensAt)) return words;
  const when = `${formatDay(opensAt, now, language.value)}, ${formatTime(opensAt, language.value)}`;
  return `${words} ${say('liveHelpOpens', { when })}`;
}
