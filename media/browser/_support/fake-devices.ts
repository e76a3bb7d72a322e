import { signal } from '@preact/signals';
import { NO_CHOICE, type DeviceChoice, type MediaDevice } from '../device-choice.ts';
import type { DeviceLists, Devices } from '../devices.ts';

/** Devices that a test plugs in and pulls out. */
export function createFakeDevices(choice: Partial<DeviceChoice> = {}) {
  const lists = signal<DeviceLists>({ microphone: [], camera: [], speaker: [] });
  const chosen = signal<DeviceChoice>({ ...NO_CHOICE, ...choice });
  const devices: Devices = {
    lists,
    choice: chosen,
    canChooseSpeaker: true,
    choose(kind, deviceId) {
      chosen.value = { ...chosen.value, [`${kind}Id`]: deviceId };
    },
    refresh: () => Promise.resolve(),
    close() {},
  };
  return {
    devices,
    setMicrophones(microphone: MediaDevice[]) {
      lists.value = { ...lists.value, microphone };
    },
  };
}

export function toDevice(deviceId: string, groupId = deviceId): MediaDevice {
  return { deviceId, groupId, label: `Label of ${deviceId}` };
}
