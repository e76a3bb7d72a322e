import { AppWindow } from 'lucide-preact';
import { Button } from '../../ui/button.tsx';
import styles from '../pill.module.css';
import { say } from '../texts.ts';
import type { PopOut } from './pop-out.ts';

/** What the page says while the conversation stands in its own window. */
export function PopOutPill({ popOut }: { popOut: PopOut }) {
  return (
    <div class={styles.pill}>
      <AppWindow size={16} />
      <span class={styles.words} role="status">
        {say('inOwnWindow')}
      </span>
      <Button size="small" onClick={popOut.bringBack}>
        {say('bringBack')}
      </Button>
    </div>
  );
}
