import { useEffect, useState } from 'preact/hooks';
import { formatDuration } from './format-time.ts';

export interface DurationTimerProps {
  /** Server time at which it began. */
  sinceAt: number;
  /** The server's time as this page knows it. */
  now: () => number;
}

/** For how long something has been going on: a call, a share. */
export function DurationTimer({ sinceAt, now, label }: DurationTimerProps & { label: string }) {
  const [current, setCurrent] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setCurrent(now()), 1_000);
    return () => clearInterval(timer);
  }, [now]);
  // `off`: a screen reader that counts seconds would talk over everything else.
  return (
    <span role="timer" aria-live="off" aria-label={label}>
      {formatDuration(current - sinceAt)}
    </span>
  );
}
