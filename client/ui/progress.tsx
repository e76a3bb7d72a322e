import { joinClasses } from './join-classes.ts';
import styles from './progress.module.css';

/** How far something is, 0 to 1; without a value it only says that something goes on. */
export function Progress({ label, value }: { label: string; value?: number | undefined }) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      class={styles.progress}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div
        class={joinClasses(styles.bar, percent === undefined && styles.unknown)}
        style={percent === undefined ? {} : { width: `${percent}%` }}
      />
    </div>
  );
}
