import type { types } from 'mediasoup';
import type { Party } from '../../protocol/ids.ts';
import type { TrackSource, TransportOptions } from '../../protocol/media.ts';
import { callFaults } from '../call-error.ts';
import type { CallEventName, CallEventPayload } from '../call-host.ts';
import { requireGeneration, toMediaName } from './media-names.ts';
import { createScoreTeller, worstOf, type ScoreTeller, type SeatScores } from './seat-scores.ts';
import { freshIngressWatch, type IngressWatch } from './transport-limits.ts';

/** The person and the page on a seat. */
export interface SeatHolder {
  seatId: string;
  party: Party;
  personId: string;
  clientId: string;
  /** Changes when the page's connection was cut and came back. */
  socketId: string;
}

/** A track of somebody else on its way to this seat. */
export interface SeatConsumer {
  /** The seat that receives it. */
  seat: SeatMedia;
  consumer: types.Consumer;
  ownerSeatId: string;
  source: TrackSource;
  /** The page has built its side and asked for the media. */
  isWanted: boolean;
  /** The last pause or resume has gone through. */
  settled: Promise<void>;
}

export type TellPage = <Name extends CallEventName>(
  holder: SeatHolder,
  name: Name,
  payload: CallEventPayload<Name>,
) => void;

/** What one seat has in the media worker: a transport for each direction, what it sends and what it receives. */
export interface SeatMedia {
  /** Of a page that is ready and not yet let in, the `seatId` says nothing. */
  readonly holder: SeatHolder;
  readonly sendTransport: types.WebRtcTransport;
  readonly receiveTransport: types.WebRtcTransport;
  readonly producers: Map<TrackSource, types.Producer>;
  /** Sources whose producer is being made: a second request for the same source meets this. */
  readonly publishing: Set<TrackSource>;
  /** Transports whose page has said how it encrypts, which it does once. */
  readonly connected: WeakSet<types.WebRtcTransport>;
  readonly consumers: Map<string, SeatConsumer>;
  /** Names of consumers that were this seat's: their track went away, perhaps while the page was asking for it. */
  readonly goneConsumers: Set<string>;
  /** Consumers by the track they carry, so that no track reaches a seat twice. */
  readonly consumerOf: Map<types.Producer, Promise<SeatConsumer | undefined>>;
  readonly scores: ScoreTeller;
  capabilities: types.RtpCapabilities | null;
  ingress: IngressWatch;
  close(): void;
}

export interface SeatMediaOptions {
  holder: SeatHolder;
  sendTransport: types.WebRtcTransport;
  receiveTransport: types.WebRtcTransport;
  scoreGapMs: number;
  tellScores(scores: SeatScores): void;
}

export function createSeatMedia(options: SeatMediaOptions): SeatMedia {
  const { holder, sendTransport, receiveTransport } = options;
  const producers: SeatMedia['producers'] = new Map();
  const consumers: SeatMedia['consumers'] = new Map();
  const scores = createScoreTeller(options.scoreGapMs, () => readScores({ producers, consumers }), options.tellScores);
  return {
    holder,
    sendTransport,
    receiveTransport,
    producers,
    publishing: new Set(),
    connected: new WeakSet(),
    goneConsumers: new Set(),
    consumers,
    consumerOf: new Map(),
    scores,
    capabilities: null,
    ingress: freshIngressWatch,
    close() {
      scores.close();
      sendTransport.close();
      receiveTransport.close();
    },
  };
}

/** Names on the wire and back, for one generation of the room; each lookup is within one seat, never the room. */
export function createSeatNames(generation: number) {
  const check = (name: string) => {
    const named = requireGeneration(name);
    if (named < generation) throw callFaults.restarted();
  };
  const nameOf = ({ id }: { id: string }) => toMediaName(generation, id);
  return {
    nameOf,
    requireTransport(seat: SeatMedia, name: string): types.WebRtcTransport {
      check(name);
      const own = [seat.sendTransport, seat.receiveTransport].find((transport) => nameOf(transport) === name);
      if (own === undefined || own.closed) throw callFaults.foreignTrack();
      return own;
    },
    requireProducer(seat: SeatMedia, name: string): types.Producer {
      check(name);
      const own = [...seat.producers.values()].find((producer) => nameOf(producer) === name);
      if (own === undefined) throw callFaults.foreignTrack();
      return own;
    },
    /** Undefined for one that was there and is gone; one that never was this seat's is refused. */
    findOwnConsumer(seat: SeatMedia, name: string): SeatConsumer | undefined {
      check(name);
      const own = seat.consumers.get(name);
      if (own === undefined && !seat.goneConsumers.has(name)) throw callFaults.foreignTrack();
      return own;
    },
    toTransportOptions(transport: types.WebRtcTransport): TransportOptions {
      const { iceParameters, iceCandidates, dtlsParameters } = transport;
      return { transportId: nameOf(transport), iceParameters, iceCandidates, dtlsParameters };
    },
  };
}
export type SeatNames = ReturnType<typeof createSeatNames>;

/** Whether the others hear and see this seat. */
export function readTrackFlags({ producers }: SeatMedia): { isMuted: boolean; isCameraOn: boolean } {
  const flows = (source: TrackSource) => producers.get(source)?.paused === false;
  return { isMuted: !flows('microphone'), isCameraOn: flows('camera') };
}

/** How well this seat sends and receives, as the media worker sees it. */
export function readScores({ producers, consumers }: Pick<SeatMedia, 'producers' | 'consumers'>): SeatScores {
  const sent = [...producers.values()].filter(({ paused }) => !paused);
  const received = [...consumers.values()].filter(({ consumer }) => !consumer.paused && !consumer.producerPaused);
  return {
    // A sender with several layers is as good as its best one.
    sending: worstOf(
      sent.filter(({ score }) => score.length > 0).map(({ score }) => Math.max(...score.map((each) => each.score))),
    ),
    receiving: worstOf(received.map(({ consumer }) => consumer.score.score)),
  };
}
