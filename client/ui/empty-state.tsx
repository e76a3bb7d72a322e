import type { ComponentChildren } from 'preact';
import styles from './empty-state.module.css';

export interface EmptyStateProps {
  icon?: ComponentChildren;
  title: string;
  /** What will be here and how to get it; after an error, what to do. */
  children?: ComponentChildren;
  actions?: ComponentChildren;
}

/** Fills a place that has nothing to show: empty, failed, or not allowed. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div class={styles.empty}>
      {icon ? (
        <div class={styles.icon} aria-hidden="true">
          {icon}
        </div>
      ) : null}
      <p class={styles.title}>{title}</p>
      {children ? <div>{children}</div> : null}
      {actions ? <div class={styles.actions}>{actions}</div> : null}
    </div>
  );
}
