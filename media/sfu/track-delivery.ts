import type { types } from 'mediasoup';
import type { CallId, SeatId } from '../../protocol/ids.ts';
import type { ConsumerView, TrackSource } from '../../protocol/media.ts';
import type { SeatConsumer, SeatMedia, SeatNames, TellPage } from './seat-media.ts';

export interface TrackDeliveryOptions {
  callId: CallId;
  generation: number;
  router: types.Router;
  names: SeatNames;
  tellPage: TellPage;
  ask<Answer>(work: () => Promise<Answer>): Promise<Answer>;
  seats(): Iterable<SeatMedia>;
}

/** Brings each seat's tracks to the others: made paused, announced, and flowing once the page has built its side. */
export function createTrackDelivery(options: TrackDeliveryOptions) {
  const { callId, generation, router, names, tellPage, ask, seats } = options;
  let isHeld = false;
  let isShut = false;

  /** The consumer of one track at one seat, made once however many ask; undefined when it cannot be decoded there. */
  function ensureConsumer(
    seat: SeatMedia,
    owner: SeatMedia,
    source: TrackSource,
    producer: types.Producer,
  ): Promise<SeatConsumer | undefined> {
    const known = seat.consumerOf.get(producer);
    if (known) return known;
    const made = makeConsumer(seat, owner, source, producer);
    seat.consumerOf.set(producer, made);
    const forget = () => seat.consumerOf.delete(producer);
    // What this page cannot decode it may be able to once it says so again.
    made.then((own) => own === undefined && forget(), forget);
    return made;
  }

  async function makeConsumer(
    seat: SeatMedia,
    owner: SeatMedia,
    source: TrackSource,
    producer: types.Producer,
  ): Promise<SeatConsumer | undefined> {
    const rtpCapabilities = seat.capabilities;
    if (rtpCapabilities === null || !router.canConsume({ producerId: producer.id, rtpCapabilities })) return undefined;
    const consumer = await seat.receiveTransport.consume({
      producerId: producer.id,
      rtpCapabilities,
      // NOTE: packets that arrive before the browser knows the track are lost, and video stays grey until a key frame.
      paused: true,
      // Also for audio, where the default is off: without it lost sound is never sent again.
      enableRtx: true,
      ignoreDtx: false,
    });
    // NOTE: a close that arrives together with the worker's answer finds no consumer yet and is never told to it.
    if (producer.closed || seat.receiveTransport.closed) {
      consumer.close();
      return undefined;
    }
    const own: SeatConsumer = {
      seat,
      consumer,
      ownerSeatId: owner.holder.seatId,
      source,
      isWanted: false,
      settled: Promise.resolve(),
    };
    const consumerId = names.nameOf(consumer);
    const forget = () => {
      seat.consumers.delete(consumerId);
      seat.goneConsumers.add(consumerId);
      seat.consumerOf.delete(producer);
      seat.scores.touch();
    };
    seat.consumers.set(consumerId, own);
    consumer.on('transportclose', forget);
    consumer.on('producerclose', () => {
      forget();
      tellPage(seat.holder, 'call:track-removed', { callId, consumerId });
    });
    const tellPaused = (isPaused: boolean) => {
      tellPage(seat.holder, 'call:track-paused', { callId, consumerId, isPaused });
      seat.scores.touch();
    };
    consumer.on('producerpause', () => tellPaused(true));
    consumer.on('producerresume', () => tellPaused(false));
    consumer.on('score', seat.scores.touch);
    return own;
  }

  function toView({ consumer, ownerSeatId, source }: SeatConsumer): ConsumerView {
    return {
      consumerId: names.nameOf(consumer),
      producerId: names.nameOf({ id: consumer.producerId }),
      seatId: ownerSeatId as SeatId,
      source,
      kind: consumer.kind,
      rtpParameters: consumer.rtpParameters,
      isProducerPaused: consumer.producerPaused,
    };
  }

  /** Resumes or pauses a consumer to match what its page wants and whether the call is held; one step at a time. */
  function follow(own: SeatConsumer): Promise<void> {
    const turn = own.settled.then(() => match(own));
    own.settled = turn.catch(() => {});
    return turn;
  }

  async function followAll(): Promise<void> {
    await Promise.all([...seats()].flatMap((seat) => [...seat.consumers.values()].map(follow)));
  }

  async function match(own: SeatConsumer): Promise<void> {
    const shouldPause = !own.isWanted || isHeld || isShut;
    if (own.consumer.closed || own.consumer.paused === shouldPause) return;
    // The worker asks the sender for a key frame by itself when a video consumer is resumed.
    await ask(() => (shouldPause ? own.consumer.pause() : own.consumer.resume()));
    own.seat.scores.touch();
  }

  async function announceTrack(
    seat: SeatMedia,
    owner: SeatMedia,
    source: TrackSource,
    producer: types.Producer,
  ): Promise<void> {
    try {
      const own = await ask(() => ensureConsumer(seat, owner, source, producer));
      if (!own || own.consumer.closed) return;
      tellPage(seat.holder, 'call:tracks-added', { callId, generation, consumers: [toView(own)] });
    } catch {
      // The track or the seat went away meanwhile; who stays hears of that by itself.
    }
  }

  return {
    async deliverAll(seat: SeatMedia): Promise<ConsumerView[]> {
      const tracks = [...seats()]
        .filter((owner) => owner !== seat)
        .flatMap((owner) => [...owner.producers].map(([source, producer]) => ({ owner, source, producer })));
      const consumers = await ask(() =>
        Promise.all(tracks.map(({ owner, source, producer }) => ensureConsumer(seat, owner, source, producer))),
      );
      return consumers.flatMap((own) => (own && !own.consumer.closed ? [toView(own)] : []));
    },

    /** A new track for everybody who has said what they can decode; the others find it when they say so. */
    deliverTrack(owner: SeatMedia, source: TrackSource, producer: types.Producer): void {
      for (const seat of seats()) {
        if (seat === owner || seat.capabilities === null) continue;
        void announceTrack(seat, owner, source, producer);
      }
    },

    async resume(wanted: readonly SeatConsumer[]): Promise<void> {
      await Promise.all(
        wanted.map(async (own) => {
          const isFlowing = own.isWanted && !own.consumer.paused && !own.consumer.closed;
          own.isWanted = true;
          await follow(own);
          // A page that asks again for what flows already sees a picture that stands still.
          if (isFlowing && own.consumer.kind === 'video') await ask(() => own.consumer.requestKeyFrame());
        }),
      );
    },

    async setHeld(held: boolean): Promise<void> {
      isHeld = held;
      await followAll();
    },

    async setShut(shut: boolean): Promise<void> {
      isShut = shut;
      await followAll();
    },
  };
}
