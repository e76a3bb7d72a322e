import type { ComponentChildren, ComponentProps, Ref } from 'preact';
import { joinClasses } from './join-classes.ts';
import styles from './button.module.css';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'size' | 'icon' | 'ref'> {
  variant?: 'plain' | 'primary' | 'ghost' | 'danger';
  size?: 'small' | 'medium' | 'large';
  /** Stands before the words; it says nothing to a screen reader. */
  icon?: ComponentChildren;
  /** The accessible name, and the tooltip, of a button that shows only an icon. */
  label?: string;
  isRound?: boolean;
  /** Under way: keeps its focus and its place, takes no further click. */
  isBusy?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
}

/** The one button of Foyer. With `label` and no children it is an icon. */
export function Button(props: ButtonProps) {
  const { variant = 'plain', size = 'medium', icon, label, isRound, isBusy, buttonRef, children, ...rest } = props;
  const isIconOnly = children === undefined;
  const className = joinClasses(
    styles.button,
    variant !== 'plain' && styles[variant],
    size !== 'medium' && styles[size],
    isIconOnly && styles.iconOnly,
    isRound && styles.round,
    typeof rest.class === 'string' && rest.class,
  );
  return (
    <button
      type="button"
      {...(label === undefined ? {} : { 'aria-label': label, title: label })}
      {...rest}
      class={className}
      ref={buttonRef ?? null}
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || rest['aria-disabled']}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else rest.onClick?.(event);
      }}
    >
      {isBusy ? <span class={styles.spinner} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}
