import { signal, type ReadonlySignal } from '@preact/signals';
import { NO_CHOICE, toDeviceChoice, type DeviceChoice, type DeviceKind, type MediaDevice } from './device-choice.ts';

const STORAGE_KEY = 'foyer:devices';

export type DeviceLists = Record<DeviceKind, MediaDevice[]>;

/** The devices of this page: what there is, what the person chose, remembered for the next call. */
export interface Devices {
  /** Labels are empty until the person has allowed a microphone or camera once. */
  readonly lists: ReadonlySignal<DeviceLists>;
  readonly choice: ReadonlySignal<DeviceChoice>;
  /** False where the browser always plays on the system's speaker; the menu then leaves speakers out. */
  readonly canChooseSpeaker: boolean;
  choose(kind: DeviceKind, deviceId: string | null): void;
  /** Reads the list again; worth it after a permission, because only then devices have names. */
  refresh(): Promise<void>;
  close(): void;
}

export interface DevicesOptions {
  mediaDevices?: MediaDevices | undefined;
  storage?: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  canChooseSpeaker?: boolean;
}

export function createDevices(options: DevicesOptions = {}): Devices {
  const mediaDevices = 'mediaDevices' in options ? options.mediaDevices : findMediaDevices();
  const storage = 'storage' in options ? options.storage : findStorage();
  const lists = signal<DeviceLists>({ microphone: [], camera: [], speaker: [] });
  const choice = signal<DeviceChoice>(readChoice(storage));
  let isClosed = false;

  async function refresh(): Promise<void> {
    if (mediaDevices === undefined || isClosed) return;
    try {
      const found = await mediaDevices.enumerateDevices();
      if (!isClosed) lists.value = toLists(found);
    } catch {
      // A page that may not list devices still calls with the system's own.
    }
  }

  const handleChange = () => void refresh();
  mediaDevices?.addEventListener('devicechange', handleChange);
  void refresh();

  return {
    lists,
    choice,
    canChooseSpeaker: options.canChooseSpeaker ?? hasSinkId(),
    choose(kind, deviceId) {
      choice.value = { ...choice.value, [`${kind}Id`]: deviceId };
      keepChoice(storage, choice.value);
    },
    refresh,
    close() {
      isClosed = true;
      mediaDevices?.removeEventListener('devicechange', handleChange);
    },
  };
}

function toLists(found: MediaDeviceInfo[]): DeviceLists {
  const ofKind = (kind: MediaDeviceKind) =>
    found
      // NOTE: before a permission browsers list one nameless entry per kind, which nobody can choose.
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label, groupId }) => ({ deviceId, label, groupId }));
  return { microphone: ofKind('audioinput'), camera: ofKind('videoinput'), speaker: ofKind('audiooutput') };
}

/** Undefined on insecure pages, where browsers leave the whole property out. */
export function findMediaDevices(): MediaDevices | undefined {
  if (typeof navigator === 'undefined' || !('mediaDevices' in navigator)) return undefined;
  return navigator.mediaDevices ?? undefined;
}

function findStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined; // storage of a foreign frame may be blocked altogether
  }
}

function readChoice(storage: DevicesOptions['storage']): DeviceChoice {
  try {
    return toDeviceChoice(storage?.getItem(STORAGE_KEY) ?? null);
  } catch {
    return NO_CHOICE;
  }
}

function keepChoice(storage: DevicesOptions['storage'], choice: DeviceChoice): void {
  try {
    storage?.setItem(STORAGE_KEY, JSON.stringify(choice));
  } catch {
    // Full or blocked: the choice then lasts for this page.
  }
}

function hasSinkId(): boolean {
  return typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;
}
