import { signal, type ReadonlySignal } from '@preact/signals';
import { createTrackAcquirer, type AcquireTrack } from './acquire-tracks.ts';
import { createDevices, type Devices } from './devices.ts';
import { createLocalTrack, type DeviceNotice, type LocalTrack } from './local-track.ts';

/**
 * Microphone and camera of this page. Made before a call for the preview and handed to the call, which then starts
 * with the very same tracks; or made by the call itself.
 */
export interface LocalMedia {
  readonly devices: Devices;
  readonly microphone: LocalTrack;
  readonly camera: LocalTrack;
  /** The latest thing worth reading about a device, until it is dismissed. */
  readonly notice: ReadonlySignal<DeviceNotice | null>;
  dismissNotice(): void;
  /** Gives microphone and camera back at once: their lights go out. */
  close(): void;
}

export interface LocalMediaOptions {
  /** Shared by the page; without it the local media brings its own and closes it. */
  devices?: Devices | undefined;
  acquire?: AcquireTrack | undefined;
}

export function createLocalMedia(options: LocalMediaOptions = {}): LocalMedia {
  const devices = options.devices ?? createDevices();
  const acquire = options.acquire ?? createTrackAcquirer();
  const notice = signal<DeviceNotice | null>(null);
  const onNotice = (value: DeviceNotice) => (notice.value = value);
  const microphone = createLocalTrack({ source: 'microphone', acquire, devices, onNotice });
  const camera = createLocalTrack({ source: 'camera', acquire, devices, onNotice });
  let isClosed = false;

  return {
    devices,
    microphone,
    camera,
    notice,
    dismissNotice: () => void (notice.value = null),
    close() {
      if (isClosed) return;
      isClosed = true;
      microphone.close();
      camera.close();
      if (options.devices === undefined) devices.close();
    },
  };
}
