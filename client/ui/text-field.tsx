import type { ComponentChildren, ComponentProps, Ref } from 'preact';
import { useId } from 'preact/hooks';
import { joinClasses } from './join-classes.ts';
import { sayUi } from './ui-texts.ts';
import styles from './field.module.css';

interface FieldProps {
  label: string;
  value: string;
  onInput(value: string): void;
  hint?: ComponentChildren;
  /** What to change, as a sentence. Null or empty while there is nothing to say. */
  error?: string | null | undefined;
  /** Says "optional" beside the label. */
  isOptional?: boolean;
}

export interface TextFieldProps
  extends FieldProps, Omit<ComponentProps<'input'>, keyof FieldProps | 'label' | 'ref' | 'size'> {
  inputRef?: Ref<HTMLInputElement>;
}

/** One line of text with its label, hint and error, tied together for screen readers. */
export function TextField({ label, value, onInput, hint, error, isOptional, inputRef, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error} isOptional={isOptional}>
      <input
        type="text"
        {...rest}
        {...describe(id, hint, error)}
        class={styles.input}
        ref={inputRef ?? null}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </Field>
  );
}

export interface TextAreaProps extends FieldProps, Omit<ComponentProps<'textarea'>, keyof FieldProps | 'ref'> {
  inputRef?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text; otherwise like `TextField`. */
export function TextArea({ label, value, onInput, hint, error, isOptional, inputRef, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error} isOptional={isOptional}>
      <textarea
        rows={4}
        {...rest}
        {...describe(id, hint, error)}
        class={joinClasses(styles.input, styles.multiline)}
        ref={inputRef ?? null}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </Field>
  );
}

export interface SelectFieldProps extends FieldProps {
  options: readonly { value: string; label: string; isDisabled?: boolean }[];
  name?: string;
  disabled?: boolean;
}

/** A choice among a few, by the browser's own list. */
export function SelectField(props: SelectFieldProps) {
  const { label, value, onInput, hint, error, isOptional, options, ...rest } = props;
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error} isOptional={isOptional}>
      <div class={styles.choice}>
        <select
          {...rest}
          {...describe(id, hint, error)}
          class={styles.input}
          value={value}
          onChange={(event) => onInput(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.isDisabled ?? false}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
    </Field>
  );
}

function Field(props: {
  id: string;
  label: string;
  hint: ComponentChildren;
  error: string | null | undefined;
  isOptional: boolean | undefined;
  children: ComponentChildren;
}) {
  const { id, label, hint, error, isOptional, children } = props;
  return (
    <div class={styles.field}>
      <div class={styles.label}>
        <label for={id}>{label}</label>
        {isOptional ? <span class={styles.optional}>{sayUi('optional')}</span> : null}
      </div>
      {children}
      {hint ? (
        <div class={styles.hint} id={`${id}-hint`}>
          {hint}
        </div>
      ) : null}
      {/* Stands there before it speaks, otherwise screen readers miss the first error. */}
      <div class={styles.error} id={`${id}-error`} aria-live="polite" hidden={!error}>
        {error}
      </div>
    </div>
  );
}

function describe(id: string, hint: ComponentChildren, error: string | null | undefined) {
  const describedBy = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return { id, 'aria-invalid': error ? true : undefined, 'aria-describedby': describedBy || undefined };
}
