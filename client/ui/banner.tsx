import type { ComponentChildren } from 'preact';
import { joinClasses } from './join-classes.ts';
import styles from './banner.module.css';

export interface BannerProps {
  tone?: 'info' | 'warn' | 'bad';
  icon?: ComponentChildren;
  children: ComponentChildren;
  /** Buttons at the right end. */
  actions?: ComponentChildren;
}

/** A line across the top that says what is different right now. It is read out when it appears. */
export function Banner({ tone = 'warn', icon, children, actions }: BannerProps) {
  return (
    <div class={joinClasses(styles.banner, tone !== 'warn' && styles[tone])} role={tone === 'bad' ? 'alert' : 'status'}>
      {icon}
      <div class={styles.words}>{children}</div>
      {actions}
    </div>
  );
}
