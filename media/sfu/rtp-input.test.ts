import { describe, expect, test } from 'vitest';
import { CallError } from '../call-error.ts';
import { maxCameraLayers, toHandedOutCapabilities } from './codecs.ts';
import { readRtpCapabilities, readRtpParameters } from './rtp-input.ts';

const microphone = {
  mid: '0',
  codecs: [
    {
      mimeType: 'audio/opus',
      payloadType: 111,
      clockRate: 48_000,
      channels: 2,
      parameters: { useinbandfec: 1, 'future-switch': true },
      rtcpFeedback: [{ type: 'nack' }],
    },
  ],
  headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4, encrypt: false, parameters: {} }],
  encodings: [{ ssrc: 7, dtx: true }],
  rtcp: { cname: 'x', reducedSize: true },
};

function faultOf(read: () => unknown): CallError {
  try {
    read();
  } catch (error) {
    if (error instanceof CallError) return error;
  }
  throw new Error('Nothing was refused.');
}

describe('what a browser wants to send', () => {
  test('[CA17] proper parameters pass as they are', () => {
    expect(readRtpParameters(microphone, 'microphone', 1)).toEqual({
      ...microphone,
      codecs: [{ ...microphone.codecs[0], rtcpFeedback: [{ type: 'nack', parameter: '' }] }],
    });
  });

  test('[CA17] fields of a browser newer than this server are left out, not refused', () => {
    const newer = {
      ...microphone,
      hologram: true,
      codecs: [{ ...microphone.codecs[0], parameters: { useinbandfec: 1, depth: { layers: [1, 2] } }, aura: 'blue' }],
      headerExtensions: [...microphone.headerExtensions, { uri: 'urn:future', id: 9 }],
    };
    const read = readRtpParameters(newer, 'microphone', 1);
    expect(JSON.stringify(read)).not.toMatch(/hologram|depth|aura|urn:future/);
    expect(read.codecs[0]?.parameters).toEqual({ useinbandfec: 1 });
  });

  test('[CA17] a bitrate becomes a whole number, because half a bit would stop the worker’s messages', () => {
    const read = readRtpParameters({ ...microphone, encodings: [{ ssrc: 7, maxBitrate: 32_000.7 }] }, 'microphone', 1);
    expect(read.encodings).toEqual([{ ssrc: 7, maxBitrate: 32_001 }]);
  });

  test('[CA17] a refusal names the field and nothing of what was in it', () => {
    const fault = faultOf(() => readRtpParameters({ ...microphone, mid: 'secret-secret' }, 'microphone', 1));
    expect(fault).toMatchObject({ code: 'bad-input', details: { field: 'rtpParameters.mid' } });
    expect(JSON.stringify([fault.message, fault.details])).not.toContain('secret');
  });

  test('[CA16] a microphone sends sound and a camera pictures', () => {
    expect(faultOf(() => readRtpParameters(microphone, 'camera', 1))).toMatchObject({ code: 'bad-input' });
  });

  test('[CA16] one layer of camera for two people, three from three people on', () => {
    expect([1, 2, 3, 8].map(maxCameraLayers)).toEqual([1, 1, 3, 3]);
    const camera = {
      codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }],
      encodings: [{ rid: 'r0' }, { rid: 'r1' }, { rid: 'r2' }],
    };
    expect(faultOf(() => readRtpParameters(camera, 'camera', 1))).toMatchObject({
      code: 'limit-reached',
      details: { limit: 1 },
    });
    expect(readRtpParameters(camera, 'camera', 3).encodings).toHaveLength(3);
    expect(faultOf(() => readRtpParameters({ ...microphone, encodings: [{}, {}] }, 'microphone', 3)).code).toBe(
      'limit-reached',
    );
  });
});

describe('what a browser can decode', () => {
  test('[CA17] capabilities keep codecs and known extensions', () => {
    const read = readRtpCapabilities({
      codecs: [{ kind: 'audio', mimeType: 'audio/opus', preferredPayloadType: 100, clockRate: 48_000, channels: 2 }],
      headerExtensions: [
        { kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', preferredId: 10 },
        { kind: 'video', uri: 'urn:3gpp:video-orientation', preferredId: 11 },
      ],
    });
    expect(read.codecs).toHaveLength(1);
    expect(read.headerExtensions?.map(({ uri }) => uri)).toEqual(['urn:ietf:params:rtp-hdrext:ssrc-audio-level']);
  });

  test('[CA17] capabilities without a codec are refused', () => {
    expect(faultOf(() => readRtpCapabilities({ codecs: [] }))).toMatchObject({ code: 'bad-input' });
  });
});

test('[M2] a phone’s picture is turned by its sender: the orientation extension is not offered', () => {
  const orientation = { kind: 'video', uri: 'urn:3gpp:video-orientation', preferredId: 11 } as const;
  const transportCc = {
    kind: 'video',
    uri: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    preferredId: 5,
  } as const;
  const handedOut = toHandedOutCapabilities({ codecs: [], headerExtensions: [orientation, transportCc] });
  expect(handedOut.headerExtensions).toEqual([transportCc]);
});
