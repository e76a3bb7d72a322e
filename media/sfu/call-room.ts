import type { types } from 'mediasoup';
import type { CallId } from '../../protocol/ids.ts';
import type { ConsumerView, TrackSource } from '../../protocol/media.ts';
import { CallError, callFaults } from '../call-error.ts';
import type { CallLog } from '../call-host.ts';
import type { CallLimits } from '../call-limits.ts';
import { kindOfSource, maxCameraLayers } from './codecs.ts';
import type { MediaWorker } from './media-worker.ts';
import { createSeatConnections, type SeatPlace } from './seat-connections.ts';
import { createPreparedSeats, type PageHolder } from './prepared-seats.ts';
import { readRtpCapabilities, readRtpParameters } from './rtp-input.ts';
import {
  createSeatNames,
  readTrackFlags,
  type SeatConsumer,
  type SeatHolder,
  type SeatMedia,
  type TellPage,
} from './seat-media.ts';
import { createTrackDelivery } from './track-delivery.ts';
import { readTransports, type TransportReading } from './transport-readings.ts';

export interface CallRoomOptions {
  callId: CallId;
  generation: number;
  worker: MediaWorker;
  router: types.Router;
  limits: CallLimits;
  log: CallLog;
  tellPage: TellPage;
  /** The others hear or see this seat differently now. */
  onTracksChanged(seatId: string): void;
  onIngressLimited(seatId: string): void;
  /** The first whole picture of a screen is here. */
  onScreenSeen(): void;
  /** The worker is gone and with it everything in this room. */
  onWorkerDied(room: CallRoom): void;
}

export interface RoomCounts {
  seats: number;
  transports: number;
  producers: number;
  consumers: number;
}

/** One call's media on one worker: a router, and per seat two transports and what flows through them. */
export interface CallRoom {
  readonly callId: CallId;
  readonly generation: number;
  /**
   * Transports for this page: those it prepared, where it says that it did and they are there, or else fresh ones.
   * Whatever the seat had before is dropped, and whatever else the person prepared.
   */
  takeSeat(holder: SeatHolder, options?: { isPrepared: boolean }): Promise<SeatPlace & { isPrepared: boolean }>;
  /** Transports for a page that may join soon, and the tracks that are there, of which none flows before it does. */
  prepareSeat(page: PageHolder, rtpCapabilities: unknown): Promise<SeatPlace & { consumers: ConsumerView[] }>;
  isPrepared(page: Pick<PageHolder, 'personId' | 'clientId'>): boolean;
  connectPrepared(
    page: Pick<PageHolder, 'personId' | 'clientId'>,
    transportName: string,
    dtlsParameters: types.DtlsParameters,
  ): Promise<void>;
  dropPrepared(fits: (page: PageHolder) => boolean): void;
  leaveSeat(seatId: string): void;
  listHolders(): SeatHolder[];
  /** Every track of the others, made paused where it is new; asked again it names what flows already as well. */
  receiveTracks(seatId: string, rtpCapabilities: unknown): Promise<ConsumerView[]>;
  connectTransport(seatId: string, transportName: string, dtlsParameters: types.DtlsParameters): Promise<void>;
  restartIce(seatId: string, transportName: string): Promise<types.IceParameters>;
  publishTrack(seatId: string, track: TrackToPublish): Promise<string>;
  setTrackPaused(seatId: string, producerName: string, isPaused: boolean): Promise<void>;
  unpublishTrack(seatId: string, producerName: string): void;
  resumeConsumers(seatId: string, consumerNames: readonly string[]): Promise<void>;
  /** Nothing flows to anybody while a call is held. */
  setHeld(isHeld: boolean): Promise<void>;
  /** Whose screen it is has paused: nothing leaves the server, whatever comes in. Apart from being held. */
  setShut(isShut: boolean): Promise<void>;
  readTrackFlags(seatId: string): { isMuted: boolean; isCameraOn: boolean };
  /** Reads all transports, closes what sends too much, and answers the readings. */
  pollTransports(): Promise<TransportReading[]>;
  counts(): RoomCounts;
  close(): void;
}

export interface TrackToPublish {
  transportName: string;
  source: TrackSource;
  kind: types.MediaKind;
  rtpParameters: unknown;
  isPaused: boolean;
}

/** Several viewers that join at once share one key frame. Browsers give at most one in 300 ms, whoever asks. */
const KEY_FRAME_GAP_MS = 350;

export function createCallRoom(options: CallRoomOptions): CallRoom {
  const { callId, generation, worker, router, limits, log, tellPage } = options;
  const names = createSeatNames(generation);
  const seats = new Map<string, SeatMedia>();
  const prepared = createPreparedSeats();
  /** Which of several joins of the same seat came last. */
  const lastJoin = new Map<string, object>();
  let isClosed = false;

  const delivery = createTrackDelivery({
    callId,
    generation,
    router,
    names,
    tellPage,
    ask,
    seats: () => [...seats.values(), ...prepared.list()],
  });
  const connections = createSeatConnections({ callId, worker, router, limits, names, tellPage, ask, askOwn });
  const leaveWorker = worker.enter({
    countConsumers: () => counts().consumers,
    handleWorkerDied() {
      isClosed = true;
      closeScores();
      options.onWorkerDied(room);
    },
  });

  /** Runs a request to the worker and says in our words why it failed. */
  async function ask<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (cause) {
      if (isClosed || router.closed) throw callFaults.restarted();
      log.debug({ callId, err: cause }, 'media worker refused a request');
      throw new CallError('bad-input', 'The media worker refused this.', { cause });
    }
  }

  /** As `ask`, for requests in which nothing comes from the page: a refusal is the worker's own trouble. */
  async function askOwn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask(work);
    } catch (error) {
      throw error instanceof CallError && error.code === 'bad-input' ? callFaults.noMedia(error.cause) : error;
    }
  }

  function requireSeat(seatId: string): SeatMedia {
    const seat = seats.get(seatId);
    if (seat === undefined || isClosed) throw callFaults.restarted();
    return seat;
  }

  function closeScores(): void {
    for (const seat of [...seats.values(), ...prepared.list()]) seat.scores.close();
  }

  function dropSeat(seatId: string): void {
    const seat = seats.get(seatId);
    seats.delete(seatId);
    seat?.close();
  }

  function counts(): RoomCounts {
    const all = [...seats.values(), ...prepared.list()];
    return {
      seats: seats.size,
      transports: all.flatMap((seat) => [seat.sendTransport, seat.receiveTransport]).filter(({ closed }) => !closed)
        .length,
      producers: all.reduce((sum, seat) => sum + seat.producers.size, 0),
      consumers: all.reduce((sum, seat) => sum + seat.consumers.size, 0),
    };
  }

  /** NOTE: `producer.close()` tells nobody on this side, so the book-keeping stands beside it. */
  function closeTrack(seat: SeatMedia, source: TrackSource): void {
    const producer = seat.producers.get(source);
    seat.producers.delete(source);
    producer?.close();
    seat.scores.touch();
  }

  function limitIngress(seat: SeatMedia, verdict: 'close-tracks' | 'close-transport', bitrate: number): void {
    const { seatId } = seat.holder;
    log.warn({ callId, seatId, bitrate, limit: limits.maxIngressBitrate, verdict }, 'seat sends too much');
    for (const source of seat.producers.keys()) closeTrack(seat, source);
    if (verdict === 'close-transport') seat.sendTransport.close();
    options.onIngressLimited(seatId);
    options.onTracksChanged(seatId);
  }

  function watchFirstPicture(producer: types.Producer): void {
    const tellSeen = () => {
      options.onScreenSeen();
      producer.enableTraceEvent([]).catch(() => {});
    };
    producer.once('trace', tellSeen);
    producer.enableTraceEvent(['keyframe']).catch(() => {});
  }

  const room: CallRoom = {
    callId,
    generation,

    async takeSeat(holder, { isPrepared } = { isPrepared: false }) {
      if (isClosed) throw callFaults.restarted();
      const join = {};
      lastJoin.set(holder.seatId, join);
      const ready = isPrepared ? prepared.take(holder) : undefined;
      prepared.drop(({ personId }) => personId === holder.personId);
      dropSeat(holder.seatId);
      if (ready !== undefined) Object.assign(ready.holder, holder);
      const seat = ready ?? (await connections.make(holder, () => lastJoin.get(holder.seatId) === join));
      seats.set(holder.seatId, seat);
      return { ...connections.placeOf(seat), isPrepared: ready !== undefined };
    },

    async prepareSeat(page, rtpCapabilities) {
      if (isClosed) throw callFaults.restarted();
      const capabilities = readRtpCapabilities(rtpCapabilities);
      const seat = await connections.make({ ...page, seatId: '' }, () => true);
      seat.capabilities = capabilities;
      if (!prepared.add(seat)) {
        seat.close();
        throw callFaults.otherTab();
      }
      return { ...connections.placeOf(seat), consumers: await delivery.deliverAll(seat) };
    },

    isPrepared: (page) => prepared.find(page) !== undefined,

    async connectPrepared(page, transportName, dtlsParameters) {
      const seat = prepared.find(page);
      if (seat === undefined || isClosed) throw callFaults.restarted();
      await connections.connect(seat, transportName, dtlsParameters);
    },

    dropPrepared: (fits) => prepared.drop(fits),

    leaveSeat(seatId) {
      lastJoin.delete(seatId);
      dropSeat(seatId);
    },

    listHolders: () => [...seats.values()].map(({ holder }) => holder),

    async receiveTracks(seatId, rtpCapabilities) {
      const seat = requireSeat(seatId);
      seat.capabilities = readRtpCapabilities(rtpCapabilities);
      return delivery.deliverAll(seat);
    },

    async connectTransport(seatId, transportName, dtlsParameters) {
      await connections.connect(requireSeat(seatId), transportName, dtlsParameters);
    },

    async restartIce(seatId, transportName) {
      const transport = names.requireTransport(requireSeat(seatId), transportName);
      return askOwn(() => transport.restartIce());
    },

    async publishTrack(seatId, { transportName, source, kind, rtpParameters, isPaused }) {
      const seat = requireSeat(seatId);
      const transport = names.requireTransport(seat, transportName);
      if (transport !== seat.sendTransport) {
        throw new CallError('bad-input', 'Tracks are sent over the sending connection.', {
          details: { field: 'transportId' },
        });
      }
      if (kind !== kindOfSource[source]) {
        throw new CallError('bad-input', `A ${source} cannot send ${kind}.`, { details: { field: 'kind' } });
      }
      if (seat.producers.has(source) || seat.publishing.has(source)) {
        throw new CallError('limit-reached', `There is a ${source} in the call already.`, {
          details: { source, limit: 1 },
        });
      }
      const parameters = readRtpParameters(rtpParameters, source, maxCameraLayers(seats.size));
      seat.publishing.add(source);
      let producer: types.Producer;
      try {
        producer = await ask(() =>
          transport.produce({
            kind,
            rtpParameters: parameters,
            paused: isPaused,
            ...(kind === 'video' ? { keyFrameRequestDelay: KEY_FRAME_GAP_MS } : {}),
          }),
        );
      } finally {
        seat.publishing.delete(source);
      }
      if (producer.closed || seats.get(seatId) !== seat) throw callFaults.restarted();
      seat.producers.set(source, producer);
      producer.on('score', seat.scores.touch);
      if (source === 'screen') watchFirstPicture(producer);
      delivery.deliverTrack(seat, source, producer);
      options.onTracksChanged(seatId);
      return names.nameOf(producer);
    },

    async setTrackPaused(seatId, producerName, isPaused) {
      const seat = requireSeat(seatId);
      const producer = names.requireProducer(seat, producerName);
      if (producer.paused === isPaused) return;
      await askOwn(() => (isPaused ? producer.pause() : producer.resume()));
      seat.scores.touch();
      options.onTracksChanged(seatId);
    },

    unpublishTrack(seatId, producerName) {
      const seat = requireSeat(seatId);
      const producer = names.requireProducer(seat, producerName);
      for (const [source, own] of seat.producers) if (own === producer) closeTrack(seat, source);
      options.onTracksChanged(seatId);
    },

    async resumeConsumers(seatId, consumerNames) {
      const seat = requireSeat(seatId);
      // All are checked before any is touched: a foreign name among them changes nothing.
      const wanted: SeatConsumer[] = consumerNames.flatMap((name) => names.findOwnConsumer(seat, name) ?? []);
      await delivery.resume(wanted);
    },

    setHeld: (isHeld) => delivery.setHeld(isHeld),
    setShut: (isShut) => delivery.setShut(isShut),

    readTrackFlags(seatId) {
      const seat = seats.get(seatId);
      return seat ? readTrackFlags(seat) : { isMuted: true, isCameraOn: false };
    },

    async pollTransports() {
      const readings: TransportReading[] = [];
      await Promise.all(
        [...seats.values()].map(async (seat) => {
          const { readings: own, verdict, ingressBitrate } = await readTransports(seat, limits.maxIngressBitrate);
          readings.push(...own);
          if (verdict !== 'fine' && !isClosed) limitIngress(seat, verdict, ingressBitrate);
        }),
      );
      for (const seat of prepared.list()) {
        const { verdict } = await readTransports(seat, limits.maxIngressBitrate);
        // Nothing may be sent yet, so there is nothing to be patient with.
        if (verdict !== 'fine') prepared.drop((page) => page === seat.holder);
      }
      return readings;
    },

    counts,

    close() {
      if (isClosed) return;
      isClosed = true;
      leaveWorker();
      closeScores();
      seats.clear();
      router.close();
    },
  };
  return room;
}
