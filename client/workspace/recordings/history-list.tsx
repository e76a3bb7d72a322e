import type { ShareHistoryEntry } from '../../../protocol/recordings.ts';
import { formatDateTime, formatDuration, formatMoment } from '../../ui/format-time.ts';
import { joinClasses } from '../../ui/join-classes.ts';
import { language } from '../../ui/language.ts';
import { sayHistory } from './history-texts.ts';
import { sayEntry } from './history-words.ts';
import { toPageName } from './page-name.ts';
import type { PageTurn, RecordingPlan } from './recording-plan.ts';
import { sayRecording } from './recordings-texts.ts';
import styles from './history-list.module.css';

export interface HistoryListProps {
  history: readonly ShareHistoryEntry[];
  /** With a recording: its pages stand in the list as well, and a line leads to its place. */
  playing?: { plan: RecordingPlan; place: number; onSeek(place: number): void };
}

interface Line {
  key: string;
  at: number;
  words: string;
}

/** Who did what and when, in plain sentences. */
export function HistoryList({ history, playing }: HistoryListProps) {
  const now = Date.now();
  const lines = [...history.map(toLine), ...(playing?.plan.turns ?? []).map((turn) => toTurnLine(turn, playing?.plan))];
  lines.sort((one, other) => one.at - other.at);
  const current = playing && lines.findLast(({ at }) => at <= playing.plan.startedAt + playing.place)?.key;
  return (
    <ol class={joinClasses(styles.list, !playing && styles.plain)}>
      {lines.map(({ key, at, words }) => {
        const place = playing ? at - playing.plan.startedAt : -1;
        const isWithin = playing !== undefined && place >= 0 && place <= playing.plan.lengthMs;
        return (
          <li
            key={key}
            class={joinClasses(styles.line, key === current && styles.current)}
            {...(key === current ? { 'aria-current': 'step' } : {})}
          >
            {isWithin ? (
              <button
                type="button"
                class={styles.time}
                aria-label={sayRecording('goTo', { time: formatDuration(place) })}
                onClick={() => playing.onSeek(place)}
              >
                {formatDuration(place)}
              </button>
            ) : (
              <time
                class={styles.moment}
                dateTime={new Date(at).toISOString()}
                title={formatDateTime(at, language.value)}
              >
                {formatMoment(at, now, language.value)}
              </time>
            )}
            <span>{words}</span>
          </li>
        );
      })}
    </ol>
  );
}

function toLine(entry: ShareHistoryEntry): Line {
  return { key: entry.entryId, at: entry.at, words: sayEntry(entry) };
}

function toTurnLine({ place, tab }: PageTurn, plan: RecordingPlan | undefined): Line {
  const at = (plan?.startedAt ?? 0) + place;
  return { key: `page ${at} ${tab.tabId}`, at, words: sayHistory('page', { page: toPageName(tab) }) };
}
