import type { ComponentChildren } from 'preact';
import { joinClasses } from './join-classes.ts';
import styles from './chip.module.css';

/** A short fact. Colour is information: amber waits or is shared, red ends or fails, accent is a running call. */
export function Chip({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'accent' | 'warn' | 'bad';
  children: ComponentChildren;
}) {
  return <span class={joinClasses(styles.chip, tone !== 'plain' && styles[tone])}>{children}</span>;
}
