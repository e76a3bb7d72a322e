import { useId, useRef } from 'preact/hooks';
import { Settings2 } from 'lucide-preact';
import type { DeviceKind } from '../../../media/browser/device-choice.ts';
import type { Devices } from '../../../media/browser/devices.ts';
import { Button } from '../button.tsx';
import { joinClasses } from '../join-classes.ts';
import { sayCall } from './call-texts.ts';
import { DeviceSelect } from './device-select.tsx';
import styles from './call-panel.module.css';

/** Microphone, camera and, where the browser lets one choose, speaker; in the browser's own popover. */
export function DeviceMenu({ devices, class: look }: { devices: Devices; class?: string | undefined }) {
  const menuId = useId();
  const menuRef = useRef<HTMLDivElement>(null);
  const buttonRef = useRef<HTMLButtonElement>(null);
  const kinds: DeviceKind[] = devices.canChooseSpeaker ? ['microphone', 'camera', 'speaker'] : ['microphone', 'camera'];

  return (
    <>
      <Button
        isRound
        size={look === undefined ? 'large' : 'medium'}
        class={look ?? joinClasses(styles.control)}
        buttonRef={buttonRef}
        label={sayCall('devices')}
        aria-haspopup="dialog"
        popoverTarget={menuId}
        icon={<Settings2 size={20} />}
      />
      <div
        ref={menuRef}
        id={menuId}
        class={styles.menu}
        popover="auto"
        role="dialog"
        aria-label={sayCall('devices')}
        onToggle={(event) => {
          if (event.newState !== 'open') return;
          void devices.refresh();
          if (menuRef.current !== null && buttonRef.current !== null) place(menuRef.current, buttonRef.current);
        }}
      >
        {kinds.map((kind) => (
          <DeviceSelect key={kind} kind={kind} devices={devices} />
        ))}
      </div>
    </>
  );
}

const GAP_PX = 8;

/** Above the button where there is room, otherwise below it, and never over the edge of the window. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { clientWidth, clientHeight } = button.ownerDocument.documentElement;
  const { width, height } = menu.getBoundingClientRect();
  const left = anchor.left + anchor.width / 2 - width / 2;
  const above = anchor.top - height - GAP_PX;
  const top = above >= GAP_PX ? above : anchor.bottom + GAP_PX;
  menu.style.left = `${Math.max(GAP_PX, Math.min(left, clientWidth - width - GAP_PX))}px`;
  menu.style.top = `${Math.max(GAP_PX, Math.min(top, clientHeight - height - GAP_PX))}px`;
}
