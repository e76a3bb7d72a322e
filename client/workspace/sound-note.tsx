import { VolumeX } from 'lucide-preact';
import { Button } from '../ui/button.tsx';
import { saySound } from './sound-note-texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './sound-note.module.css';

/**
 * Says that the browser keeps this page silent. Any touch of the page cures that, so the button only has to be there;
 * and as it goes with the touch, nothing may move into its place under the pointer: it lies over the page.
 */
export function SoundNote() {
  const { attention } = useWorkbench();
  return (
    <div class={styles.place} role="status">
      {attention.isSoundBlocked.value ? (
        <div class={styles.note}>
          <VolumeX size={18} class={styles.icon ?? ''} aria-hidden="true" />
          <span class={styles.words}>{saySound('blocked')}</span>
          <Button size="small" onClick={attention.turnSoundOn}>
            {saySound('turnOn')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
