import { Dialog } from '../ui/dialog.tsx';
import { say } from './texts.ts';
import styles from './keyboard-help.module.css';

const KEYS = [
  ['keyAccept', 'Alt', 'A'],
  ['keyToRequest', 'Alt', 'R'],
  ['keyPrevious', 'Alt', '↑'],
  ['keyNext', 'Alt', '↓'],
  ['keyMessage', 'Alt', 'M'],
  ['keySend', 'Enter'],
  ['keyNewLine', 'Shift', 'Enter'],
  ['keyMute', 'Ctrl', 'D'],
  ['keyCamera', 'Ctrl', 'E'],
  ['keyHelp', '?'],
] as const;

/** Every key that does something here. */
export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={say('keyboardTitle')} onClose={onClose}>
      <dl class={styles.keys}>
        {KEYS.map(([text, ...keys]) => (
          <div class={styles.row} key={text}>
            <dt>{say(text)}</dt>
            <dd>
              {keys.map((key) => (
                <kbd class={styles.key} key={key}>
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
