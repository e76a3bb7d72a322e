import type { PopoverTrigger } from '../popover.tsx';
import styles from './share-banner.module.css';

/** The button under "END SCREEN SHARE" that opens what can be changed. */
export function ChangeButton({ label, trigger }: { label: string; trigger: PopoverTrigger }) {
  const { buttonRef, ...rest } = trigger;
  return (
    <button type="button" class={styles.change} ref={buttonRef} aria-haspopup="dialog" {...rest}>
      {label}
    </button>
  );
}
