import type { Device } from 'mediasoup-client';
import type { Producer, ProducerOptions, Transport } from 'mediasoup-client/types';
import type { TrackSource } from '../../protocol/media.ts';
import type { MediaLink, MediaLinkOptions } from './media-link.ts';
import { createUuid } from './page-id.ts';
import { createPlaceholder } from './placeholder-track.ts';
import { createReconciler, type Reconciler } from './reconciler.ts';
import { SHARP_SCREEN, tuneScreen } from './screen-style.ts';

/** Enough for a sharp 720p face in VP8; above it support calls only cost the visitor's uplink. */
const CAMERA_MAX_BITRATE = 1_500_000;
const VOICE_MAX_BITRATE = 32_000;
const SCREEN_SOUND_MAX_BITRATE = 128_000;

interface Outgoing {
  track: MediaStreamTrack | null;
  isPaused: boolean;
  isWithheld: boolean;
}

interface Publication {
  producer: Producer;
  /** The server's name for it; on its way while the browser sends already. */
  producerId: Promise<string>;
  isPausedAtServer: boolean;
}

export interface TrackSenderOptions extends Pick<MediaLinkOptions, 'signalling' | 'callId' | 'clientId' | 'onRefused'> {
  device: Device;
  transport: Transport;
}

export interface TrackSender {
  send: MediaLink['send'];
  /** Agrees with the server's side of the connection on a place for this source; the server hears nothing of it yet. */
  prepare(source: TrackSource): void;
  close(): void;
}

/** Sends microphone and camera, or a screen with its sound, over one transport. A source is published once; after that its track is exchanged. */
export function createTrackSender(options: TrackSenderOptions): TrackSender {
  const { signalling, callId, clientId, device, transport, onRefused } = options;
  const page = { callId, clientId };
  const publications = new Map<TrackSource, Publication>();
  /** Agreed on ahead, without a track and unknown to the server. */
  const places = new Map<TrackSource, Promise<Producer | undefined>>();
  const lanes = new Map<TrackSource, Reconciler<Outgoing>>();
  let isClosed = false;

  // NOTE: answered at once, because the library publishes one track after the other and a second round trip would hold
  // the camera back. The server's own name follows in `producerId`.
  transport.on('produce', (_parameters, done) => done({ id: createUuid() }));

  async function follow(source: TrackSource, wanted: Outgoing): Promise<void> {
    if (isClosed) return;
    const track = wanted.track?.readyState === 'live' ? wanted.track : null;
    const publication = publications.get(source);
    if (publication === undefined) {
      if (track !== null) await publish(source, track, wanted);
      return;
    }
    const { producer } = publication;
    // What was never sent and is paused need not begin to be: who muted while waiting sends not even silence.
    const isAsleep = wanted.isWithheld || (wanted.isPaused && producer.track === null);
    const sent = isAsleep ? null : track;
    if (producer.track !== sent) {
      try {
        await producer.replaceTrack({ track: sent });
      } catch (cause) {
        if (isClosed || sent === null) throw cause;
        // Some encoders cannot change over to another camera; a new publication can.
        await unpublish(source, publication);
        await publish(source, sent, wanted);
        return;
      }
    }
    if (source === 'screen' && sent !== null) await tuneScreen(producer.rtpSender, sent);
    const isPaused = wanted.isPaused || track === null;
    if (publication.isPausedAtServer === isPaused) return;
    const producerId = await publication.producerId;
    await signalling.request('call:set-track-paused', { ...page, producerId, isPaused });
    publication.isPausedAtServer = isPaused;
  }

  async function publish(
    source: TrackSource,
    track: MediaStreamTrack,
    { isPaused, isWithheld }: Outgoing,
  ): Promise<void> {
    const place = await places.get(source);
    places.delete(source);
    const producer = place ?? (await openPlace(source, track));
    const producerId = signalling
      .request('call:publish-track', {
        ...page,
        transportId: transport.id,
        source,
        kind: producer.kind === 'audio' ? 'audio' : 'video',
        rtpParameters: { ...producer.rtpParameters },
        isPaused,
      })
      .then((answer) => answer.producerId);
    publications.set(source, { producer, producerId, isPausedAtServer: isPaused });
    producerId.catch((error: unknown) => {
      // Refused: nothing of it is at the server, so a later wish starts afresh.
      if (publications.get(source)?.producer === producer) publications.delete(source);
      producer.close();
      if (!isClosed) onRefused(error);
    });
    if (isWithheld) return;
    // NOTE: not before the server knows of it. A first picture that comes too early is lost, the worker asks for another,
    // and browsers ignore who asks again within 300 ms, as the one does for whom it was meant.
    const isKnown = await producerId.then(
      () => true,
      () => false,
    );
    if (!isKnown || isClosed || track.readyState !== 'live') return;
    if (source === 'screen') await tuneScreen(producer.rtpSender, track);
    await producer.replaceTrack({ track });
  }

  async function openPlace(source: TrackSource, track: MediaStreamTrack): Promise<Producer> {
    const producer = await transport.produce({
      track,
      // The track is only lent: who started it stops it, and mutes it.
      stopTracks: false,
      disableTrackOnPause: false,
      // NOTE: taken out before anything is agreed with the server, so that not one packet of what is withheld is ever
      // made. A paused sender would cost a negotiation to wake up; one without a track starts at once.
      onRtpSender: (sender: RTCRtpSender) => void sender.replaceTrack(null),
      ...toSending(source, device),
    });
    await producer.replaceTrack({ track: null });
    return producer;
  }

  async function openPlaceAhead(source: TrackSource): Promise<Producer | undefined> {
    const placeholder = createPlaceholder(source);
    try {
      return await openPlace(source, placeholder.track);
    } catch {
      return undefined; // then the place is made with the first track, as without
    } finally {
      placeholder.close();
    }
  }

  async function unpublish(source: TrackSource, { producer, producerId }: Publication): Promise<void> {
    publications.delete(source);
    producer.close();
    await signalling.request('call:unpublish-track', { ...page, producerId: await producerId });
  }

  return {
    send(source, track, isPaused, isWithheld = false) {
      let lane = lanes.get(source);
      if (lane === undefined) {
        lane = createReconciler((wanted: Outgoing) => follow(source, wanted));
        lanes.set(source, lane);
      }
      return lane.want({ track, isPaused, isWithheld });
    },
    prepare(source) {
      if (!isClosed && !places.has(source) && !publications.has(source)) places.set(source, openPlaceAhead(source));
    },
    close() {
      isClosed = true;
      for (const lane of lanes.values()) lane.close();
    },
  };
}

const VOICE: ProducerOptions = {
  codecOptions: {
    opusStereo: false,
    opusFec: true,
    opusDtx: true,
    opusNack: true,
    opusMaxAverageBitrate: VOICE_MAX_BITRATE,
  },
};

/** What plays on a screen is music as well as speech: both channels, and no silence is left out. */
const SCREEN_SOUND: ProducerOptions = {
  codecOptions: {
    opusStereo: true,
    opusFec: true,
    opusDtx: false,
    opusNack: true,
    opusMaxAverageBitrate: SCREEN_SOUND_MAX_BITRATE,
  },
};

function toSending(source: TrackSource, device: Device): ProducerOptions {
  switch (source) {
    case 'microphone':
      return VOICE;
    case 'screen-audio':
      return SCREEN_SOUND;
    case 'camera':
      return toPicture(device, CAMERA_MAX_BITRATE);
    case 'screen':
      return toPicture(device, SHARP_SCREEN.maxBitrate);
  }
}

/** VP8 works everywhere and recovers best from loss; what the server offers besides is the second choice. */
function toPicture(device: Device, maxBitrate: number): ProducerOptions {
  const codec = device.sendRtpCapabilities.codecs?.find(({ mimeType }) => mimeType.toLowerCase() === 'video/vp8');
  return { encodings: [{ maxBitrate }], ...(codec === undefined ? {} : { codec }) };
}
