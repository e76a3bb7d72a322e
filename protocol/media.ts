import * as z from 'zod';
import { callId, conversationId, modality, nothing, party, seatId, timestamp } from './ids.ts';

/** A name in the media worker (transport, producer, consumer): opaque to the client, checked to be its own each time. */
const mediaName = z.string().min(1).max(64);
export const trackSource = z.enum(['microphone', 'camera', 'screen', 'screen-audio']);
export type TrackSource = z.infer<typeof trackSource>;
/** What a person has at hand, and chooses among. */
export type DeviceSource = Extract<TrackSource, 'microphone' | 'camera'>;

/** A call of modality `screen` carries one shared screen, has its share's id, and is told to nobody but who joins it. */
export const callModality = z.enum(['voice', 'video', 'screen']);
export type CallModality = z.infer<typeof callModality>;

const dtlsParameters = z.object({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,127}$/),
      }),
    )
    .min(1)
    .max(8),
});

/**
 * RTP parameters and capabilities are checked for shape and size here and for meaning by the media worker's own
 * library; copying its whole grammar would refuse browsers that are newer than this page.
 */
const rtpValue = z.looseObject({});
const rtpParameters = z.looseObject({
  mid: z.string().max(32).optional(),
  codecs: z.array(rtpValue).min(1).max(16),
  headerExtensions: z.array(rtpValue).max(32).optional(),
  encodings: z.array(rtpValue).max(4).optional(),
  rtcp: rtpValue.optional(),
});
const rtpCapabilities = z.looseObject({
  codecs: z.array(rtpValue).max(64),
  headerExtensions: z.array(rtpValue).max(64).optional(),
});

const transportOptions = z.object({
  transportId: mediaName,
  iceParameters: rtpValue,
  iceCandidates: z.array(rtpValue),
  dtlsParameters: rtpValue,
});
export type TransportOptions = z.infer<typeof transportOptions>;

export const seatView = z.object({
  seatId,
  party,
  name: z.string(),
  state: z.enum(['joining', 'in', 'away', 'left']),
  /** True while the microphone is muted or has not been started. */
  isMuted: z.boolean(),
  isCameraOn: z.boolean(),
});
export type SeatView = z.infer<typeof seatView>;

export const callEndReason = z.enum([
  'hung-up',
  'declined',
  'cancelled',
  'unanswered',
  'conversation-ended',
  'participant-left',
  'media-failed',
  /** Of a screen alone: nothing is shared any more. */
  'share-ended',
]);
export type CallEndReason = z.infer<typeof callEndReason>;

export const callView = z.object({
  callId,
  conversationId,
  /** Grows with every change; a view with a smaller one is stale and dropped. */
  revision: z.int(),
  /** `prepared`: the visitor waits for an agent and may get ready; rings nobody and is no call yet. */
  phase: z.enum(['prepared', 'proposed', 'connecting', 'live', 'held', 'ended']),
  modality: callModality,
  proposedBy: party,
  proposedAt: timestamp,
  /** When both seats were in for the first time: the call timer counts from here. */
  liveAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  endReason: callEndReason.nullable(),
  seats: z.array(seatView),
});
export type CallView = z.infer<typeof callView>;

/** A received track, made paused: nothing flows until `call:resume-consumers`. */
export const consumerView = z.object({
  consumerId: mediaName,
  producerId: mediaName,
  seatId,
  source: trackSource,
  kind: z.enum(['audio', 'video']),
  rtpParameters: rtpValue,
  isProducerPaused: z.boolean(),
});
export type ConsumerView = z.infer<typeof consumerView>;

/** One row of what a browser measured, kept for the quality view. Rates are bit/s, times ms, losses 0 to 1. */
const qualitySample = z.object({
  direction: z.enum(['send', 'receive']),
  kind: z.enum(['audio', 'video']),
  bitrate: z.number().nonnegative().max(1e9),
  packetLoss: z.number().min(0).max(1),
  jitterMs: z.number().nonnegative().max(1e6).nullable(),
  roundTripMs: z.number().nonnegative().max(1e6).nullable(),
  framesPerSecond: z.number().nonnegative().max(1_000).nullable(),
  freezeCount: z.int().nonnegative().nullable(),
});
export type QualitySample = z.infer<typeof qualitySample>;

/** What a page needs to connect to a call's media: codecs and both transports, with the tracks that are there, paused. */
const mediaPlace = z.object({
  /** Changes when the call moves to another worker; names of an older generation answer `call-restarted`. */
  generation: z.int(),
  routerRtpCapabilities: rtpCapabilities,
  sendTransport: transportOptions,
  receiveTransport: transportOptions,
  /** Tracks that are there already, paused; none unless the page said what it can decode. */
  consumers: z.array(consumerView),
  iceServers: z.array(
    z.object({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() }),
  ),
});
export type MediaPlace = z.infer<typeof mediaPlace>;

/** What this browser can decode, as `call:receive-tracks` and `call:join-call` take it. */
export type RtpCapabilitiesView = z.infer<typeof rtpCapabilities>;

/** Requests of both sides. A `clientId` names one page, so a second tab of the same person is told apart. */
export const callRequests = {
  /**
   * The codecs that every call of this server speaks. A page asks while a call is only near, so that reading what the
   * browser can do does not cost time once somebody has accepted.
   */
  'call:read-codecs': { input: nothing, output: z.object({ routerRtpCapabilities: rtpCapabilities }) },
  /** Proposes a call in a running conversation; the other side is rung. */
  'call:propose-call': {
    input: z.object({ conversationId, modality: modality.exclude(['text']) }),
    output: z.object({ call: callView }),
  },
  'call:accept-call': { input: z.object({ callId }), output: z.object({ call: callView }) },
  'call:decline-call': { input: z.object({ callId }), output: nothing },
  /**
   * Connects a page while it rings there, before anybody may be heard or seen: transports, and the tracks of the others
   * as far as they are there, paused. Nothing flows before the page has joined, and only the page that asked may use it.
   */
  'call:prepare-join': { input: z.object({ callId, clientId: z.uuid(), rtpCapabilities }), output: mediaPlace },
  /**
   * Takes the seat: capabilities and both transports in one answer. Repeating it (reload, dead worker) gives fresh
   * transports and drops the old ones. Fails with `call-in-other-tab` unless `takeOver` is set. A page that says what
   * it can decode gets the tracks of the others along, and need not ask for them. One that names the tracks it has built after
   * `call:prepare-join` gets the very transports back that it prepared, and those tracks flow at once; when what it
   * prepared is gone it gets fresh ones, as without.
   */
  'call:join-call': {
    input: z.object({
      callId,
      clientId: z.uuid(),
      takeOver: z.boolean().default(false),
      rtpCapabilities: rtpCapabilities.optional(),
      preparedConsumerIds: z.array(mediaName).max(32).optional(),
    }),
    output: mediaPlace.extend({ call: callView, seatId }),
  },
  /** Says what this browser can decode and gets all tracks that are already there, paused. */
  'call:receive-tracks': {
    input: z.object({ callId, clientId: z.uuid(), rtpCapabilities }),
    output: z.object({ consumers: z.array(consumerView) }),
  },
  'call:connect-transport': {
    input: z.object({ callId, clientId: z.uuid(), transportId: mediaName, dtlsParameters }),
    output: nothing,
  },
  'call:publish-track': {
    input: z.object({
      callId,
      clientId: z.uuid(),
      transportId: mediaName,
      source: trackSource,
      kind: z.enum(['audio', 'video']),
      rtpParameters,
      isPaused: z.boolean().default(false),
    }),
    output: z.object({ producerId: mediaName }),
  },
  'call:set-track-paused': {
    input: z.object({ callId, clientId: z.uuid(), producerId: mediaName, isPaused: z.boolean() }),
    output: nothing,
  },
  'call:unpublish-track': {
    input: z.object({ callId, clientId: z.uuid(), producerId: mediaName }),
    output: nothing,
  },
  'call:resume-consumers': {
    input: z.object({ callId, clientId: z.uuid(), consumerIds: z.array(mediaName).min(1).max(32) }),
    output: nothing,
  },
  'call:restart-ice': {
    input: z.object({ callId, clientId: z.uuid(), transportId: mediaName }),
    output: z.object({ iceParameters: rtpValue }),
  },
  'call:report-quality': {
    input: z.object({ callId, clientId: z.uuid(), samples: z.array(qualitySample).min(1).max(8) }),
    output: nothing,
  },
  /** Ends the call for both; the conversation goes on. */
  'call:hang-up': { input: z.object({ callId }), output: nothing },
} as const;

export const callEvents = {
  /** Any change of the call: proposed, accepted, a seat moved, muted, ended. */
  'call:changed': z.object({ call: callView }),
  /** New tracks of the others, made for this page, paused. Sent to the one page that holds the seat. */
  'call:tracks-added': z.object({ callId, generation: z.int(), consumers: z.array(consumerView) }),
  'call:track-removed': z.object({ callId, consumerId: mediaName }),
  'call:track-paused': z.object({ callId, consumerId: mediaName, isPaused: z.boolean() }),
  /** Scores 0 to 10 of what this page sends and receives, from the media worker. */
  'call:scores-changed': z.object({ callId, sending: z.int().nullable(), receiving: z.int().nullable() }),
  /** The media moved (dead worker): keep the tracks and join again. */
  'call:media-restarted': z.object({ callId, generation: z.int() }),
  /** Another tab of the same person took this seat over. */
  'call:seat-taken-over': z.object({ callId }),
} as const;
