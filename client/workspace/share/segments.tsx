import type { ComponentChildren } from 'preact';
import { joinClasses } from '../../ui/join-classes.ts';
import styles from './segments.module.css';

export interface Segment<Value extends string> {
  value: Value;
  /** The accessible name; on the button too, unless there is only room for the icon. */
  words: string;
  icon: ComponentChildren;
  /** Cannot be chosen now; it keeps its place, and `onChoose` says why. */
  isOff?: boolean;
}

export interface SegmentsProps<Value extends string> {
  label: string;
  chosen: Value;
  choices: readonly Segment<Value>[];
  hasIconsOnly?: boolean;
  onChoose(value: Value): void;
}

/** A few things of which one is chosen, side by side. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { label, chosen, choices, hasIconsOnly = false, onChoose } = props;
  return (
    <div class={styles.segments} role="group" aria-label={label}>
      {choices.map(({ value, words, icon, isOff = false }) => (
        <button
          key={value}
          type="button"
          class={joinClasses(styles.segment, value === chosen && styles.chosen, hasIconsOnly && styles.iconOnly)}
          aria-pressed={value === chosen}
          aria-disabled={isOff || undefined}
          {...(hasIconsOnly ? { 'aria-label': words, title: words } : {})}
          onClick={() => onChoose(value)}
        >
          {icon}
          {hasIconsOnly ? null : words}
        </button>
      ))}
    </div>
  );
}
