import type { DeviceSource } from '../../protocol/media.ts';

/**
 * Why a microphone or camera could not be started. The codes are stable; the sentence that says what to do in this
 * browser is chosen where it is shown.
 */
export const mediaFaultCodes = [
  'refused-by-person',
  'prompt-closed',
  'refused-by-system',
  'refused-by-page',
  'no-device',
  'device-busy',
  'device-unsuitable',
  'interrupted',
  'insecure-page',
  'unsupported',
] as const;
export type MediaFaultCode = (typeof mediaFaultCodes)[number];

export class MediaFault extends Error {
  override readonly name = 'MediaFault';
  readonly source: DeviceSource;
  readonly code: MediaFaultCode;

  constructor(source: DeviceSource, code: MediaFaultCode, cause?: unknown) {
    super(`${source}: ${code}`, { cause });
    this.source = source;
    this.code = code;
  }
}

/** What the page itself allows; read before the browser's error, because that one looks like a person's "no". */
export interface PageFacts {
  isSecure: boolean;
  hasMediaDevices: boolean;
  /** False when the page around the widget forbids the device by its permissions policy. */
  isAllowedByPolicy: boolean;
}

/** Names the fault behind an error of `getUserMedia`. */
export function toMediaFault(source: DeviceSource, error: unknown, page: PageFacts): MediaFault {
  if (error instanceof MediaFault) return error;
  return new MediaFault(source, toCode(error, page), error);
}

function toCode(error: unknown, page: PageFacts): MediaFaultCode {
  if (!page.isSecure) return 'insecure-page';
  if (!page.hasMediaDevices) return 'unsupported';
  const { name, message } = readError(error);
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      if (!page.isAllowedByPolicy) return 'refused-by-page';
      // NOTE: only Chromium tells these apart, and only in the message; others read as the person's own choice.
      if (/by system/i.test(message)) return 'refused-by-system';
      if (/dismissed/i.test(message)) return 'prompt-closed';
      return 'refused-by-person';
    case 'SecurityError':
      return 'refused-by-page';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'no-device';
    case 'NotReadableError':
    case 'TrackStartError':
      // macOS and Windows answer like this too when the system's own switch is off; Chromium then says so.
      return /permission|by system/i.test(message) ? 'refused-by-system' : 'device-busy';
    case 'OverconstrainedError':
    case 'ConstraintNotSatisfiedError':
      return 'device-unsuitable';
    case 'AbortError':
    case 'InvalidStateError':
      return 'interrupted';
    default:
      return 'unsupported';
  }
}

// NOTE: an OverconstrainedError is no Error in every browser, so shape decides and not `instanceof`.
function readError(error: unknown): { name: string; message: string } {
  if (typeof error !== 'object' || error === null) return { name: '', message: '' };
  const name = 'name' in error && typeof error.name === 'string' ? error.name : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return { name, message };
}

/** Faults that concern one device, so that another one may still do. */
export function isFaultOfOneDevice(code: MediaFaultCode): boolean {
  return code === 'no-device' || code === 'device-busy' || code === 'device-unsuitable' || code === 'interrupted';
}
