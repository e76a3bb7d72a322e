import type { types } from 'mediasoup';
import * as z from 'zod';
import type { TrackSource } from '../../protocol/media.ts';
import { CallError } from '../call-error.ts';
import { kindOfSource } from './codecs.ts';

// NOTE: the library checks less than it serialises. A `maxBitrate` of 1.5 throws while the message to the worker is
// half built, and from then on every request of every call on that worker fails. So what a browser sends is built anew
// from the fields that are known, each with its type and range; unknown fields are dropped, not refused.

const shortText = z.string().max(64);
const uint31 = z.int().min(0).max(2_147_483_647);
const uint32 = z.int().min(0).max(4_294_967_295);
const payloadType = z.int().min(0).max(127);
const codecParameters = z
  .record(z.string().max(64), z.unknown())
  .refine((parameters) => Object.keys(parameters).length <= 32, 'too many codec parameters')
  .transform(keepPlainValues)
  .default({});
const rtcpFeedback = z
  .array(z.object({ type: shortText.min(1), parameter: shortText.default('') }))
  .max(16)
  .default([]);
const codec = {
  mimeType: z.string().regex(/^(audio|video)\/[A-Za-z0-9._+-]{1,40}$/),
  clockRate: uint31.min(1),
  channels: z.int().min(1).max(8).optional(),
  parameters: codecParameters,
  rtcpFeedback,
};
const headerExtensionId = z.int().min(1).max(255);

const rtpParametersInput = z.object({
  // The worker keeps eight bytes for a MID and a RID.
  mid: z.string().min(1).max(8).optional(),
  codecs: z
    .array(z.object({ ...codec, payloadType }))
    .min(1)
    .max(16),
  headerExtensions: z
    .array(z.object({ uri: z.string().max(128), id: headerExtensionId, encrypt: z.boolean().default(false) }))
    .max(32)
    .default([]),
  encodings: z
    .array(
      z.object({
        ssrc: uint32.min(1).optional(),
        rid: z
          .string()
          .regex(/^[A-Za-z0-9]{1,8}$/)
          .optional(),
        rtx: z.object({ ssrc: uint32.min(1) }).optional(),
        dtx: z.boolean().optional(),
        codecPayloadType: payloadType.optional(),
        scalabilityMode: z
          .string()
          .regex(/^[LS][1-3]T[1-3](_KEY)?$/)
          .optional(),
        maxBitrate: z.number().min(0).max(1e9).transform(Math.round).optional(),
      }),
    )
    .max(4)
    .default([]),
  rtcp: z
    .object({ cname: z.string().max(256).optional(), reducedSize: z.boolean().optional() })
    .default({ reducedSize: true }),
  msid: z.string().max(256).optional(),
});

const rtpCapabilitiesInput = z.object({
  codecs: z
    .array(z.object({ ...codec, kind: z.enum(['audio', 'video']), preferredPayloadType: payloadType }))
    .min(1)
    .max(64),
  headerExtensions: z
    .array(
      z.object({
        kind: z.enum(['audio', 'video']),
        uri: z.string().max(128),
        preferredId: headerExtensionId,
        preferredEncrypt: z.boolean().default(false),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).default('sendrecv'),
      }),
    )
    .max(64)
    .default([]),
});

const knownUris = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'urn:ietf:params:rtp-hdrext:toffset',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
] as const satisfies types.RtpHeaderExtensionUri[];
const isKnownUri = (uri: string): uri is (typeof knownUris)[number] => knownUris.some((known) => known === uri);

/** What a browser wants to send, checked against its source; throws `bad-input`. */
export function readRtpParameters(raw: unknown, source: TrackSource, maxLayers: number): types.RtpParameters {
  const { mid, codecs, headerExtensions, encodings, rtcp, msid } = read(rtpParametersInput, raw, 'rtpParameters');
  const kind = kindOfSource[source];
  if (codecs.some(({ mimeType }) => !mimeType.startsWith(`${kind}/`))) {
    throw badInput('rtpParameters', `A ${source} can only send ${kind}.`);
  }
  if (new Set(codecs.map((each) => each.payloadType)).size < codecs.length) {
    throw badInput('rtpParameters', 'Two codecs share a payload type.');
  }
  const layerLimit = source === 'camera' ? maxLayers : 1;
  if (encodings.length > layerLimit) {
    throw new CallError(
      'limit-reached',
      `A ${source} may send ${layerLimit} stream${layerLimit > 1 ? 's' : ''} here.`,
      {
        details: { field: 'encodings', limit: layerLimit },
      },
    );
  }
  return {
    codecs: codecs.map(withoutUndefined),
    headerExtensions: headerExtensions.flatMap(({ uri, id, encrypt }) =>
      isKnownUri(uri) ? [{ uri, id, encrypt, parameters: {} }] : [],
    ),
    encodings: encodings.map((encoding) => withoutUndefined(encoding)),
    rtcp: withoutUndefined(rtcp),
    ...withoutUndefined({ mid, msid }),
  };
}

/** What a browser can decode; throws `bad-input`. */
export function readRtpCapabilities(raw: unknown): types.RtpCapabilities {
  const { codecs, headerExtensions } = read(rtpCapabilitiesInput, raw, 'rtpCapabilities');
  return {
    codecs: codecs.map(withoutUndefined),
    headerExtensions: headerExtensions.flatMap(({ uri, ...extension }) =>
      isKnownUri(uri) ? [{ ...extension, uri }] : [],
    ),
  };
}

function read<Schema extends z.ZodType>(schema: Schema, raw: unknown, field: string): z.output<Schema> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join('.') ?? '';
  throw badInput(field, 'The media parameters of this browser are not understood.', path);
}

function badInput(field: string, message: string, path?: string): CallError {
  return new CallError('bad-input', message, { details: path ? { field: `${field}.${path}` } : { field } });
}

/** Codec parameters are numbers, texts and switches; anything else would break the message to the worker. */
function keepPlainValues(parameters: Record<string, unknown>): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(parameters)) {
    const isNumber = typeof value === 'number' && Math.abs(value) <= 2_147_483_647;
    const isText = typeof value === 'string' && value.length <= 256;
    if (isNumber || isText || typeof value === 'boolean') kept[key] = value;
  }
  return kept;
}

type WithoutUndefined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

function withoutUndefined<Value extends object>(value: Value): WithoutUndefined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as WithoutUndefined<Value>;
}
