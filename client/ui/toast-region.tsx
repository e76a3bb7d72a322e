import { X } from 'lucide-preact';
import { joinClasses } from './join-classes.ts';
import { dismissToast, toasts } from './toast.ts';
import { sayUi } from './ui-texts.ts';
import styles from './toast-region.module.css';

/** Where toasts appear and are read out. Once per page, and always there, otherwise the first one stays unheard. */
export function ToastRegion() {
  return (
    <div class={styles.region} role="status" aria-live="polite" aria-atomic="false">
      {toasts.value.map(({ key, tone, text }) => (
        <div key={key} class={joinClasses(styles.toast, tone === 'bad' && styles.bad)}>
          <span class={styles.words}>{text}</span>
          <button type="button" class={styles.dismiss} aria-label={sayUi('dismiss')} onClick={() => dismissToast(key)}>
            <X size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
