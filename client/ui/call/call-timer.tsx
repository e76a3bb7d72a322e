import { useEffect, useState } from 'preact/hooks';
import { formatDuration } from '../format-time.ts';
import { sayCall } from './call-texts.ts';

export interface CallTimerProps {
  /** Server time at which both sides were in for the first time. */
  liveAt: number;
  /** The server's time as this page knows it. */
  now: () => number;
}

export function CallTimer({ liveAt, now }: CallTimerProps) {
  const [current, setCurrent] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setCurrent(now()), 1_000);
    return () => clearInterval(timer);
  }, [now]);
  // `off`: a screen reader that counts seconds would talk over the call.
  return (
    <span role="timer" aria-live="off" aria-label={sayCall('duration')}>
      {formatDuration(current - liveAt)}
    </span>
  );
}
