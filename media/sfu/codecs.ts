import type { types } from 'mediasoup';
import type { TrackSource } from '../../protocol/media.ts';

/**
 * What calls speak. VP8 stands first because every browser encodes it well, Safari included; H.264 constrained baseline
 * is there for devices that have only that in hardware. Opus asks for in-band FEC and DTX; NACK for audio takes effect
 * only with `opusNack` at the browser and `enableRtx` at the consumer.
 */
export const callCodecs: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
  {
    kind: 'video',
    mimeType: 'video/VP8',
    clockRate: 90_000,
    // The browser's estimate starts at 300 kbit/s and needs seconds to climb; this is where most lines are.
    parameters: { 'x-google-start-bitrate': 1_000 },
  },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: {
      'packetization-mode': 1,
      'profile-level-id': '42e01f',
      'level-asymmetry-allowed': 1,
      'x-google-start-bitrate': 1_000,
    },
  },
];

/** The one kind that a source can have. */
export const kindOfSource: Record<TrackSource, types.MediaKind> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  'screen-audio': 'audio',
};

/** What belongs to a shared screen travels apart from voices and faces. */
export function isScreenSource(source: TrackSource): boolean {
  return source === 'screen' || source === 'screen-audio';
}

/** Streams that one camera may send: a single good one for two people, three sizes once a third watches. */
export function maxCameraLayers(seatCount: number): number {
  return seatCount <= 2 ? 1 : 3;
}

export type HandedOutCapabilities = types.RtpCapabilities & { codecs: types.RtpCodecCapability[] };

/**
 * The router's capabilities as browsers get them. Without the orientation extension a phone's picture is turned by its
 * sender; with it Firefox and recordings would show it lying on its side.
 */
export function toHandedOutCapabilities(capabilities: types.RtpCapabilities): HandedOutCapabilities {
  return {
    codecs: capabilities.codecs ?? [],
    headerExtensions: (capabilities.headerExtensions ?? []).filter(({ uri }) => uri !== 'urn:3gpp:video-orientation'),
  };
}
