import { useEffect, useState } from 'preact/hooks';
import styles from './reopening-notice.module.css';
import { sayReopening } from './reopening-words.ts';
import type { Widget } from './widget.ts';

const MINUTE_MS = 60_000;

/** Outside business hours: the site's own words about them, and when somebody is there again. */
export function ReopeningNotice({ widget, otherwise }: { widget: Widget; otherwise?: string }) {
  const { session } = widget.state.value;
  const [, setMinute] = useState(0);
  useEffect(() => {
    // "Tomorrow" becomes "today" while the page stays open.
    const timer = setInterval(() => setMinute((minute) => minute + 1), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  if (session.phase !== 'known') return null;
  const { reopening } = session.availability;
  const words = reopening ? sayReopening(reopening, widget.now()) : null;
  if (words === null) return otherwise === undefined ? null : <p>{otherwise}</p>;
  return (
    <div class={styles.notice}>
      {session.site.hoursText ? <p>{session.site.hoursText}</p> : null}
      <p class={styles.back}>{words}</p>
    </div>
  );
}
