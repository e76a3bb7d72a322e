import { findMediaDevices } from './devices.ts';
import { styleTrack, type ScreenStyle } from './screen-style.ts';

export type ScreenSurface = 'monitor' | 'window' | 'browser' | 'unknown';

/** Why no screen is shown; the person reads a sentence about each. */
export type ScreenFaultCode = 'screen-refused' | 'screen-blocked' | 'screen-unsupported' | 'screen-unreadable';

export class ScreenFault extends Error {
  override readonly name = 'ScreenFault';
  readonly code: ScreenFaultCode;

  constructor(code: ScreenFaultCode, cause?: unknown) {
    super(`No screen: ${code}`, { cause });
    this.code = code;
  }
}

/** Newer than the library's own types. */
interface DisplayOptions extends DisplayMediaStreamOptions {
  /** Whether the page that asks may be chosen. */
  selfBrowserSurface: 'include' | 'exclude';
  surfaceSwitching: 'include' | 'exclude';
  systemAudio: 'include' | 'exclude';
}

/** False where the browser has no way to do it, as on phones. */
export function canCaptureScreen(): boolean {
  return typeof findMediaDevices()?.getDisplayMedia === 'function';
}

/**
 * Opens the browser's own dialog; has to be called within a click. Rejects with a `ScreenFault`, also when the person
 * chooses nothing.
 *
 * @param view the window that asks, and with which the picture ends
 */
export async function captureScreen(style: ScreenStyle, mayShowThisTab: boolean, view = window): Promise<MediaStream> {
  const devices = view.navigator.mediaDevices as MediaDevices | undefined;
  if (typeof devices?.getDisplayMedia !== 'function') throw new ScreenFault('screen-unsupported');
  if (!isAllowedByPolicy(view.document)) throw new ScreenFault('screen-blocked');
  const options: DisplayOptions = {
    // Larger screens are made smaller here, where letters suffer less than from too few bits.
    video: { frameRate: { ideal: 30, max: 30 }, width: { max: 2_560 }, height: { max: 1_600 } },
    // What plays is not a voice: nothing is to be taken out of it.
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    selfBrowserSurface: mayShowThisTab ? 'include' : 'exclude',
    surfaceSwitching: 'include',
    systemAudio: 'include',
  };
  try {
    const stream = await devices.getDisplayMedia(options);
    const [picture] = stream.getVideoTracks();
    if (picture === undefined) throw new ScreenFault('screen-unreadable');
    styleTrack(picture, style);
    return stream;
  } catch (cause) {
    throw toScreenFault(cause);
  }
}

export function toScreenFault(cause: unknown): ScreenFault {
  if (cause instanceof ScreenFault) return cause;
  switch (cause instanceof Error ? cause.name : '') {
    case 'NotAllowedError':
    case 'AbortError':
      return new ScreenFault('screen-refused', cause);
    case 'SecurityError':
      return new ScreenFault('screen-blocked', cause);
    case 'NotSupportedError':
    case 'TypeError':
      return new ScreenFault('screen-unsupported', cause);
    default:
      return new ScreenFault('screen-unreadable', cause);
  }
}

/** What was chosen in the browser's dialog. */
export function findSurface(stream: MediaStream): ScreenSurface {
  const told = stream.getVideoTracks()[0]?.getSettings().displaySurface;
  return (['monitor', 'window', 'browser'] as const).find((known) => known === told) ?? 'unknown';
}

interface FeaturePolicy {
  allowsFeature(feature: string): boolean;
}

function isAllowedByPolicy(document: Document): boolean {
  const holder = document as Document & { permissionsPolicy?: FeaturePolicy; featurePolicy?: FeaturePolicy };
  return (holder.permissionsPolicy ?? holder.featurePolicy)?.allowsFeature('display-capture') ?? true;
}
