import { useId } from 'preact/hooks';
import type { DeviceKind } from '../../../media/browser/device-choice.ts';
import type { Devices } from '../../../media/browser/devices.ts';
import { sayCall } from './call-texts.ts';
import styles from './call-panel.module.css';

/** One device of one kind, or whatever the system uses. */
export function DeviceSelect({ kind, devices }: { kind: DeviceKind; devices: Devices }) {
  const id = useId();
  const listed = devices.lists.value[kind];
  const chosen = devices.choice.value[`${kind}Id`];
  // A remembered device that is not plugged in is not in the list; the system's own is used meanwhile.
  const shown = listed.some((device) => device.deviceId === chosen) ? chosen : null;
  const others = listed.filter((device) => device.deviceId !== 'default');
  return (
    <div class={styles.device}>
      <label for={id}>{sayCall(kind)}</label>
      <select
        id={id}
        class={styles.select}
        value={shown ?? ''}
        onChange={({ currentTarget }) => devices.choose(kind, currentTarget.value === '' ? null : currentTarget.value)}
      >
        <option value="">{others.length === 0 ? sayCall('noDevices') : sayCall('systemDefault')}</option>
        {others.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || sayCall('unnamedDevice', { number: index + 1 })}
          </option>
        ))}
      </select>
    </div>
  );
}
