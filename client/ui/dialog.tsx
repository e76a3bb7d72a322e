import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { X } from 'lucide-preact';
import { Button } from './button.tsx';
import { joinClasses } from './join-classes.ts';
import { sayUi } from './ui-texts.ts';
import styles from './dialog.module.css';

export interface DialogProps {
  title: string;
  /** Escape, the close button, or a click beside the dialog. */
  onClose(): void;
  children?: ComponentChildren;
  /** Buttons at the lower end, the important one last. */
  actions?: ComponentChildren;
  /** `alertdialog` for a question that wants an answer now. */
  role?: 'dialog' | 'alertdialog';
  /** Takes the whole window but a margin; its body has the height that is left. */
  isLarge?: boolean;
  /** Keys pressed anywhere in it. */
  onKeyDown?(event: KeyboardEvent): void;
}

/** A modal dialog by the browser's own element: it keeps the focus inside and gives it back afterwards. */
export function Dialog(props: DialogProps) {
  const { title, onClose, children, actions, role = 'dialog', isLarge = false, onKeyDown } = props;
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    // A dialog that leaves the page without close() does not give the focus back.
    const returnTo = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (returnTo instanceof HTMLElement && returnTo.isConnected) returnTo.focus();
    };
  }, []);

  return (
    <dialog
      ref={ref}
      class={joinClasses(styles.dialog, isLarge && styles.large)}
      role={role}
      aria-labelledby={titleId}
      {...(onKeyDown && { onKeyDown })}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The backdrop belongs to the dialog element itself; everything inside has another target.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class={styles.head}>
        <h2 class={styles.title} id={titleId}>
          {title}
        </h2>
        <Button variant="ghost" label={sayUi('close')} icon={<X size={18} />} onClick={onClose} />
      </div>
      {children ? <div class={styles.body}>{children}</div> : null}
      {actions ? <div class={styles.actions}>{actions}</div> : null}
    </dialog>
  );
}
