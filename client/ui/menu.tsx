import type { ComponentChildren } from 'preact';
import { Check } from 'lucide-preact';
import { joinClasses } from './join-classes.ts';
import { moveFocus } from './move-focus.ts';
import { Popover, type PopoverTrigger } from './popover.tsx';
import styles from './menu.module.css';

export interface MenuItem {
  key: string;
  label: string;
  icon?: ComponentChildren;
  /** Set on every item of a menu that chooses one of several. */
  isChosen?: boolean;
  isDanger?: boolean;
  onChoose(): void;
}

export interface MenuProps {
  /** The accessible name of the open menu. */
  label: string;
  items: readonly MenuItem[];
  trigger(trigger: PopoverTrigger & { 'aria-haspopup': 'menu' }): ComponentChildren;
  side?: 'above' | 'below';
  isEndAligned?: boolean;
}

/** A button's menu. Arrow keys move, letters jump, Enter chooses, Escape closes. */
export function Menu({ label, items, trigger, side = 'below', isEndAligned = false }: MenuProps) {
  return (
    <Popover
      role="menu"
      label={label}
      side={side}
      isEndAligned={isEndAligned}
      class={styles.menu ?? ''}
      trigger={(given) => trigger({ ...given, 'aria-haspopup': 'menu' })}
    >
      {(close) => (
        <div role="none" onKeyDown={(event) => moveFocus(event, '[role^="menuitem"]', 1)}>
          {items.map((item) => (
            <button
              key={item.key}
              type="button"
              class={joinClasses(styles.item, item.isDanger && styles.danger)}
              role={item.isChosen === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.isChosen}
              tabIndex={-1}
              {...(item.isChosen ? { 'data-focus-first': '' } : {})}
              onClick={() => {
                close();
                item.onChoose();
              }}
            >
              {item.icon}
              <span class={styles.words}>{item.label}</span>
              {item.isChosen ? <Check size={16} class={styles.check ?? ''} /> : null}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}
