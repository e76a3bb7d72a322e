import styles from './switch.module.css';

export interface SwitchProps {
  /** The accessible name, when no visible text gives it by `labelledBy`. */
  label?: string;
  labelledBy?: string;
  describedBy?: string;
  isOn: boolean;
  onChange(isOn: boolean): void;
  isDisabled?: boolean;
}

/** Takes effect at once, unlike a checkbox. Green when on. */
export function Switch({ label, labelledBy, describedBy, isOn, onChange, isDisabled }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      class={styles.switch}
      aria-checked={isOn}
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      disabled={isDisabled}
      onClick={() => onChange(!isOn)}
    />
  );
}
