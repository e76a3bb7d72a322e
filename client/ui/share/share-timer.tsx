import { useEffect, useState } from 'preact/hooks';
import { formatDuration } from '../format-time.ts';
import { sayShare } from './share-texts.ts';

export interface ShareTimerProps {
  /** Server time of the first picture. */
  sinceAt: number;
  /** The server's time as this page knows it. */
  now: () => number;
}

/** For how long something is shared. */
export function ShareTimer({ sinceAt, now }: ShareTimerProps) {
  const [current, setCurrent] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setCurrent(now()), 1_000);
    return () => clearInterval(timer);
  }, [now]);
  // `off`: a screen reader that counts seconds would talk over everything else.
  return (
    <span role="timer" aria-live="off" aria-label={sayShare('duration')}>
      {formatDuration(current - sinceAt)}
    </span>
  );
}
