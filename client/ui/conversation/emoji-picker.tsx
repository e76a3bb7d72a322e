import { Smile } from 'lucide-preact';
import { Button } from '../button.tsx';
import { language } from '../language.ts';
import { moveFocus } from '../move-focus.ts';
import { Popover } from '../popover.tsx';
import { sayConversation } from './conversation-texts.ts';
import { EMOJI } from './emoji-set.ts';
import styles from './emoji-picker.module.css';

/** The "Emoji" button and its small sheet; arrow keys walk over it as over a grid. */
export function EmojiPicker({ onPick }: { onPick(sign: string): void }) {
  return (
    <Popover
      label={sayConversation('emoji')}
      side="above"
      isEndAligned
      trigger={(trigger) => (
        <Button variant="ghost" size="large" label={sayConversation('emoji')} icon={<Smile size={20} />} {...trigger} />
      )}
    >
      {(close) => (
        <div class={styles.grid} onKeyDown={(event) => moveFocus(event, 'button', countColumns(event.currentTarget))}>
          {EMOJI.map((emoji, index) => (
            <button
              key={emoji.sign}
              type="button"
              class={styles.sign}
              // One stop for Tab, the arrow keys do the rest.
              tabIndex={index === 0 ? 0 : -1}
              aria-label={emoji[language.value]}
              title={emoji[language.value]}
              onClick={() => {
                close();
                onPick(emoji.sign);
              }}
            >
              {emoji.sign}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}

/** Fingers get a grid with fewer columns, and only the style sheet knows how many. */
function countColumns(grid: HTMLElement): number {
  return getComputedStyle(grid).gridTemplateColumns.split(' ').length;
}
