import type { DeviceSource } from '../../protocol/media.ts';
import { findMediaDevices } from './devices.ts';
import { MediaFault, toMediaFault, type PageFacts } from './media-errors.ts';

export interface TrackWish {
  source: DeviceSource;
  /** Exactly this device, or null for the system's own. */
  deviceId: string | null;
}

/** Starts one microphone or camera; rejects with a `MediaFault`. */
export type AcquireTrack = (wish: TrackWish) => Promise<MediaStreamTrack>;

/** What is asked of the browser; `navigator` in pages, a fake in tests. */
export interface CaptureHost {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  findPermission(source: DeviceSource): Promise<PermissionState | 'unknown'>;
  readPageFacts(source: DeviceSource): PageFacts;
}

interface Waiting {
  wish: TrackWish;
  resolve: (track: MediaStreamTrack) => void;
  reject: (fault: MediaFault) => void;
}

/**
 * Wishes of the same moment share one question to the person: a video call asks once for both devices. When that fails
 * each is tried alone, so that a missing camera never costs the voice.
 */
export function createTrackAcquirer(host: CaptureHost = createCaptureHost()): AcquireTrack {
  let gathered: Waiting[] = [];

  async function ask(wishes: TrackWish[]): Promise<MediaStream> {
    const constraints: MediaStreamConstraints = {};
    for (const wish of wishes) Object.assign(constraints, toConstraints(wish));
    return host.getUserMedia(constraints);
  }

  async function acquireAlone(waiting: Waiting): Promise<void> {
    const { source } = waiting.wish;
    try {
      waiting.resolve(requireTrack(await ask([waiting.wish]), source));
    } catch (error) {
      waiting.reject(toMediaFault(source, error, host.readPageFacts(source)));
    }
  }

  async function acquireTogether(both: Waiting[]): Promise<void> {
    const permissions = await Promise.all(both.map(({ wish }) => host.findPermission(wish.source)));
    // One that is blocked already would drag the other down with it.
    if (permissions.includes('denied')) return acquireOneByOne(both);
    let stream: MediaStream;
    try {
      stream = await ask(both.map(({ wish }) => wish));
    } catch (error) {
      const faults = both.map(({ wish }) => toMediaFault(wish.source, error, host.readPageFacts(wish.source)));
      if (!faults.some(({ code }) => code === 'refused-by-person' || code === 'prompt-closed')) {
        return acquireOneByOne(both);
      }
      // The person just said no: only what stands allowed may be started without asking again.
      return refuseUnlessGranted(both, faults);
    }
    for (const { wish, resolve, reject } of both) {
      const track = findTrack(stream, wish.source);
      if (track === undefined) reject(new MediaFault(wish.source, 'no-device'));
      else resolve(track);
    }
  }

  async function acquireOneByOne(both: Waiting[]): Promise<void> {
    for (const waiting of both) await acquireAlone(waiting);
  }

  async function refuseUnlessGranted(both: Waiting[], faults: MediaFault[]): Promise<void> {
    for (const [index, waiting] of both.entries()) {
      const fault = faults[index] ?? new MediaFault(waiting.wish.source, 'refused-by-person');
      if ((await host.findPermission(waiting.wish.source)) === 'granted') await acquireAlone(waiting);
      else waiting.reject(fault);
    }
  }

  return (wish) =>
    new Promise((resolve, reject) => {
      gathered.push({ wish, resolve, reject });
      if (gathered.length > 1) return;
      queueMicrotask(() => {
        const batch = gathered;
        gathered = [];
        const sources = new Set(batch.map((waiting) => waiting.wish.source));
        if (batch.length === 2 && sources.size === 2) void acquireTogether(batch);
        else void acquireOneByOne(batch);
      });
    });
}

function toConstraints({ source, deviceId }: TrackWish): MediaStreamConstraints {
  const device = deviceId === null ? {} : { deviceId: { exact: deviceId } };
  if (source === 'microphone') {
    return {
      audio: { ...device, channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    };
  }
  // 720p by wish only: a weaker camera gives what it has instead of an error.
  const front = deviceId === null ? { facingMode: 'user' } : {};
  return {
    video: { ...device, ...front, width: { ideal: 1_280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
  };
}

function findTrack(stream: MediaStream, source: DeviceSource): MediaStreamTrack | undefined {
  return (source === 'microphone' ? stream.getAudioTracks() : stream.getVideoTracks())[0];
}

function requireTrack(stream: MediaStream, source: DeviceSource): MediaStreamTrack {
  const track = findTrack(stream, source);
  if (track === undefined) throw new MediaFault(source, 'no-device');
  return track;
}

function createCaptureHost(): CaptureHost {
  return {
    getUserMedia(constraints) {
      const mediaDevices = findMediaDevices();
      if (mediaDevices === undefined) return Promise.reject(new TypeError('This page cannot use media devices.'));
      return mediaDevices.getUserMedia(constraints);
    },
    async findPermission(source) {
      try {
        return (await navigator.permissions.query({ name: source })).state;
      } catch {
        return 'unknown'; // older Firefox and Safari do not know these names
      }
    },
    readPageFacts(source) {
      return {
        isSecure: globalThis.isSecureContext,
        hasMediaDevices: findMediaDevices() !== undefined,
        isAllowedByPolicy: isAllowedByPolicy(source),
      };
    },
  };
}

interface FeaturePolicy {
  allowsFeature(feature: string): boolean;
}

// NOTE: Chromium still spells it `featurePolicy`, the standard `permissionsPolicy`; where neither is there it is allowed.
function isAllowedByPolicy(source: DeviceSource): boolean {
  const holder = document as Document & { permissionsPolicy?: FeaturePolicy; featurePolicy?: FeaturePolicy };
  return (holder.permissionsPolicy ?? holder.featurePolicy)?.allowsFeature(source) ?? true;
}
