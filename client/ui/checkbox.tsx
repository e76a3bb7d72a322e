import type { ComponentChildren, Ref } from 'preact';
import { useId } from 'preact/hooks';
import styles from './checkbox.module.css';

export interface CheckboxProps {
  /** The accessible name, shown beside the box. */
  label: string;
  isChecked: boolean;
  onChange(isChecked: boolean): void;
  /** Stands under the label and is read with it; a link belongs here, not into the label. */
  detail?: ComponentChildren;
  error?: string | null | undefined;
  isRequired?: boolean;
  name?: string;
  inputRef?: Ref<HTMLInputElement>;
}

export function Checkbox({ label, isChecked, onChange, detail, error, isRequired, name, inputRef }: CheckboxProps) {
  const id = useId();
  const describedBy = [error ? `${id}-error` : '', detail ? `${id}-detail` : ''].filter(Boolean).join(' ');
  return (
    <div class={styles.checkbox}>
      <label class={styles.row}>
        <input
          type="checkbox"
          class={styles.box}
          ref={inputRef ?? null}
          name={name}
          checked={isChecked}
          aria-required={isRequired}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy || undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </label>
      {detail ? (
        <div class={styles.detail} id={`${id}-detail`}>
          {detail}
        </div>
      ) : null}
      <div class={styles.error} id={`${id}-error`} aria-live="polite" hidden={!error}>
        {error}
      </div>
    </div>
  );
}
