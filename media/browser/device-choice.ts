/** Pure rules of which device is used; `devices.ts` and `local-track.ts` bring the world to them. */

export type DeviceKind = 'microphone' | 'camera' | 'speaker';

export interface MediaDevice {
  deviceId: string;
  label: string;
  /** Devices of one piece of hardware share it; it tells when "default" has come to mean another one. */
  groupId: string;
}

/** Which device the person chose; null is "whatever the system uses". */
export interface DeviceChoice {
  microphoneId: string | null;
  cameraId: string | null;
  speakerId: string | null;
}

export const NO_CHOICE: DeviceChoice = { microphoneId: null, cameraId: null, speakerId: null };

/** Reads a remembered choice; storage is writable by anyone, so everything else than ids is dropped. */
export function toDeviceChoice(stored: string | null): DeviceChoice {
  if (stored === null || stored.length > 4_096) return NO_CHOICE;
  try {
    const parsed: unknown = JSON.parse(stored);
    if (typeof parsed !== 'object' || parsed === null) return NO_CHOICE;
    const readId = (value: unknown) =>
      typeof value === 'string' && value !== '' && value.length <= 512 ? value : null;
    return {
      microphoneId: 'microphoneId' in parsed ? readId(parsed.microphoneId) : null,
      cameraId: 'cameraId' in parsed ? readId(parsed.cameraId) : null,
      speakerId: 'speakerId' in parsed ? readId(parsed.speakerId) : null,
    };
  } catch {
    return NO_CHOICE;
  }
}

/** The device a running track really uses, from `track.getSettings()`. */
export interface DeviceInUse {
  deviceId: string | null;
  groupId: string | null;
}

export type DeviceMove =
  | { kind: 'stay' }
  /** The chosen device is back after it had gone. */
  | { kind: 'return'; deviceId: string }
  /** The system's default now is another piece of hardware, such as a headset that was plugged in. */
  | { kind: 'follow-default' };

/**
 * After the list of devices changed: must a running track move? Only a change between the two lists moves anything, so
 * that a device which is listed but refuses to start is not tried for ever. One that vanished ends its track by itself.
 */
export function decideDeviceMove(
  wantedId: string | null,
  inUse: DeviceInUse,
  before: MediaDevice[],
  now: MediaDevice[],
): DeviceMove {
  if (wantedId !== null && wantedId !== 'default') {
    const isListed = (devices: MediaDevice[]) => devices.some((device) => device.deviceId === wantedId);
    const isBack = isListed(now) && !isListed(before) && inUse.deviceId !== wantedId;
    return isBack ? { kind: 'return', deviceId: wantedId } : { kind: 'stay' };
  }
  // NOTE: Chromium lists an entry "default" whose group is that of the real device; others have none and follow alone.
  const defaultGroup = (devices: MediaDevice[]) => devices.find((device) => device.deviceId === 'default')?.groupId;
  const groupNow = defaultGroup(now);
  const hasMoved =
    inUse.deviceId === 'default' &&
    groupNow !== undefined &&
    groupNow !== '' &&
    groupNow !== defaultGroup(before) &&
    groupNow !== inUse.groupId;
  return hasMoved ? { kind: 'follow-default' } : { kind: 'stay' };
}
