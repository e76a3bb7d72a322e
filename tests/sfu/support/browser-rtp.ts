import { randomBytes, randomInt } from 'node:crypto';
import type { TrackSource } from '../../../protocol/media.ts';

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** What Chromium sends for a microphone or a camera, in short. Every sender has streams of its own. */
export function rtpParametersOf(source: TrackSource) {
  const ssrc = randomInt(1, 2_000_000_000) * 2;
  const extensions = [
    { uri: MID, id: 4, encrypt: false, parameters: {} },
    { uri: TRANSPORT_CC, id: 3, encrypt: false, parameters: {} },
  ];
  if (source === 'microphone' || source === 'screen-audio') {
    return {
      mid: '0',
      codecs: [
        {
          mimeType: 'audio/opus',
          payloadType: 111,
          clockRate: 48_000,
          channels: 2,
          parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
          rtcpFeedback: [{ type: 'transport-cc' }, { type: 'nack' }],
        },
      ],
      headerExtensions: [...extensions, { uri: AUDIO_LEVEL, id: 1, encrypt: false, parameters: {} }],
      encodings: [{ ssrc, dtx: true }],
      rtcp: { cname: 'page', reducedSize: true },
    };
  }
  return {
    mid: '1',
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: 96,
        clockRate: 90_000,
        parameters: {},
        rtcpFeedback: [
          { type: 'transport-cc' },
          { type: 'ccm', parameter: 'fir' },
          { type: 'nack' },
          { type: 'nack', parameter: 'pli' },
        ],
      },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 }, rtcpFeedback: [] },
    ],
    headerExtensions: extensions,
    encodings: [{ ssrc, rtx: { ssrc: ssrc + 1 }, maxBitrate: 1_500_000 }],
    rtcp: { cname: 'page', reducedSize: true },
  };
}

/** What Chromium can decode of what is offered to it. */
export function browserCapabilities() {
  return {
    codecs: [
      {
        kind: 'audio',
        mimeType: 'audio/opus',
        preferredPayloadType: 100,
        clockRate: 48_000,
        channels: 2,
        parameters: { useinbandfec: 1 },
        rtcpFeedback: [{ type: 'transport-cc' }, { type: 'nack' }],
      },
      {
        kind: 'video',
        mimeType: 'video/VP8',
        preferredPayloadType: 101,
        clockRate: 90_000,
        parameters: {},
        rtcpFeedback: [{ type: 'transport-cc' }, { type: 'nack' }, { type: 'nack', parameter: 'pli' }],
      },
      {
        kind: 'video',
        mimeType: 'video/rtx',
        preferredPayloadType: 102,
        clockRate: 90_000,
        parameters: { apt: 101 },
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [{ kind: 'video', uri: TRANSPORT_CC, preferredId: 5, preferredEncrypt: false }],
  };
}

export function someDtlsParameters() {
  const value = [...randomBytes(32)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  return { role: 'client' as const, fingerprints: [{ algorithm: 'sha-256' as const, value }] };
}
