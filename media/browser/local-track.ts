import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { DeviceSource } from '../../protocol/media.ts';
import type { AcquireTrack } from './acquire-tracks.ts';
import { decideDeviceMove, type DeviceInUse, type MediaDevice } from './device-choice.ts';
import type { Devices } from './devices.ts';
import { isFaultOfOneDevice, MediaFault, toMediaFault } from './media-errors.ts';
import { createReconciler } from './reconciler.ts';

export type LocalTrackState =
  | { phase: 'off' }
  | { phase: 'starting' }
  | { phase: 'on'; track: MediaStreamTrack; inUse: DeviceInUse; label: string }
  | { phase: 'failed'; fault: MediaFault };

/** Something happened to a device that the person should read about. */
export type DeviceNotice =
  | { kind: 'device-replaced'; source: DeviceSource; label: string }
  | { kind: 'device-returned'; source: DeviceSource; label: string };

/** A capture that ends again and again is given up, so that a broken driver does not blink for the whole call. */
const MAX_LOSSES = 3;
const LOSS_WINDOW_MS = 30_000;

/** One microphone or one camera of this person: on, off, moved to another device, and looked after while it runs. */
export interface LocalTrack {
  readonly source: DeviceSource;
  readonly state: ReadonlySignal<LocalTrackState>;
  /** True while the system holds the device back (a phone call, a switch on the laptop). */
  readonly isInterrupted: ReadonlySignal<boolean>;
  /** Resolves when the device has settled: on, off or failed. */
  want(isOn: boolean): Promise<void>;
  /** Sends silence or black without giving the device back; at once. */
  setEnabled(isEnabled: boolean): void;
  /** Starts anew after a failure or when the device went dead. */
  retry(): Promise<void>;
  close(): void;
}

export interface LocalTrackOptions {
  source: DeviceSource;
  acquire: AcquireTrack;
  devices: Pick<Devices, 'lists' | 'choice' | 'refresh'>;
  onNotice: (notice: DeviceNotice) => void;
}

interface Wish {
  isOn: boolean;
  deviceId: string | null;
  /** Grows to ask for a fresh capture of the same device. */
  round: number;
}

export function createLocalTrack({ source, acquire, devices, onNotice }: LocalTrackOptions): LocalTrack {
  const state = signal<LocalTrackState>({ phase: 'off' });
  const isInterrupted = signal(false);
  let wish: Wish = { isOn: false, deviceId: readChosenId(), round: 0 };
  let met: Wish | undefined;
  let isEnabled = true;
  let isClosed = false;
  let release: () => void = () => {};
  let lostLabel: string | undefined;
  let lostAt: number[] = [];
  let listedBefore: MediaDevice[] = [];

  const reconciler = createReconciler<Wish>(async (wanted) => {
    if (met !== undefined && isSameWish(met, wanted)) return;
    met = wanted;
    // NOTE: the old capture ends first; phones cannot open two cameras, and Safari silences the older microphone.
    stopTrack();
    if (!wanted.isOn) {
      state.value = { phase: 'off' };
      return;
    }
    state.value = { phase: 'starting' };
    try {
      adopt(await start(wanted.deviceId));
    } catch (error) {
      if (!isClosed) state.value = { phase: 'failed', fault: toMediaFault(source, error, UNKNOWN_PAGE) };
    }
  });

  async function start(deviceId: string | null): Promise<MediaStreamTrack> {
    try {
      return await acquire({ source, deviceId });
    } catch (error) {
      const fault = toMediaFault(source, error, UNKNOWN_PAGE);
      if (deviceId === null || isClosed || !isFaultOfOneDevice(fault.code)) throw fault;
      return acquire({ source, deviceId: null });
    }
  }

  function adopt(track: MediaStreamTrack): void {
    if (isClosed) {
      track.stop(); // hung up while the browser was still asking
      return;
    }
    track.enabled = isEnabled;
    const handleEnded = () => handleLoss(track.label);
    const handleMuted = () => (isInterrupted.value = true);
    const handleUnmuted = () => (isInterrupted.value = false);
    track.addEventListener('ended', handleEnded);
    track.addEventListener('mute', handleMuted);
    track.addEventListener('unmute', handleUnmuted);
    release = () => {
      track.removeEventListener('ended', handleEnded);
      track.removeEventListener('mute', handleMuted);
      track.removeEventListener('unmute', handleUnmuted);
      isInterrupted.value = false;
      track.stop();
    };
    isInterrupted.value = track.muted;
    const inUse = readInUse(track);
    const isOther = wish.deviceId !== null && inUse.deviceId !== null && inUse.deviceId !== wish.deviceId;
    if (isOther || (lostLabel !== undefined && lostLabel !== track.label)) {
      onNotice({ kind: 'device-replaced', source, label: track.label });
    }
    lostLabel = undefined;
    state.value = { phase: 'on', track, inUse, label: track.label };
    void devices.refresh(); // names of devices are readable from now on
  }

  function handleLoss(label: string): void {
    const now = Date.now();
    lostAt = [...lostAt.filter((at) => now - at < LOSS_WINDOW_MS), now];
    if (lostAt.length > MAX_LOSSES) {
      stopTrack();
      state.value = { phase: 'failed', fault: new MediaFault(source, 'interrupted') };
      return;
    }
    lostLabel = label;
    void want({ round: wish.round + 1 });
  }

  function stopTrack(): void {
    release();
    release = () => {};
  }

  function want(change: Partial<Wish>): Promise<void> {
    wish = { ...wish, ...change };
    return reconciler.want(wish);
  }

  function readChosenId(): string | null {
    const choice = devices.choice.peek();
    return source === 'microphone' ? choice.microphoneId : choice.cameraId;
  }

  const stopWatchingChoice = effect(() => {
    const choice = devices.choice.value;
    const deviceId = source === 'microphone' ? choice.microphoneId : choice.cameraId;
    if (deviceId !== wish.deviceId) untracked(() => void want({ deviceId }));
  });

  const stopWatchingLists = effect(() => {
    const listed = devices.lists.value[source];
    untracked(() => handleListed(listed));
  });

  function handleListed(listed: MediaDevice[]): void {
    const before = listedBefore;
    listedBefore = listed;
    const current = state.peek();
    if (current.phase !== 'on') return;
    const move = decideDeviceMove(wish.deviceId, current.inUse, before, listed);
    if (move.kind === 'stay') return;
    if (move.kind === 'return') {
      const label = listed.find((device) => device.deviceId === move.deviceId)?.label ?? '';
      onNotice({ kind: 'device-returned', source, label });
    } else {
      lostLabel = current.label; // so that the new hardware is named
    }
    void want({ round: wish.round + 1 });
  }

  return {
    source,
    state,
    isInterrupted,
    want: (isOn) => want({ isOn }),
    setEnabled(enabled) {
      isEnabled = enabled;
      const current = state.peek();
      if (current.phase === 'on') current.track.enabled = enabled;
    },
    retry() {
      lostAt = [];
      return want({ isOn: true, round: wish.round + 1 });
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      reconciler.close();
      stopWatchingChoice();
      stopWatchingLists();
      stopTrack();
      state.value = { phase: 'off' };
    },
  };
}

// The acquirer has named the fault already; this only covers an acquirer that threw something else.
const UNKNOWN_PAGE = { isSecure: true, hasMediaDevices: true, isAllowedByPolicy: true };

function isSameWish(a: Wish, b: Wish): boolean {
  return a.isOn === b.isOn && a.round === b.round && (a.deviceId === b.deviceId || !b.isOn);
}

function readInUse(track: MediaStreamTrack): DeviceInUse {
  const { deviceId, groupId } = track.getSettings();
  return { deviceId: deviceId ?? null, groupId: groupId ?? null };
}
