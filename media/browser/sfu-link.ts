import { Device } from 'mediasoup-client';
import type {
  Consumer,
  DtlsParameters,
  IceCandidate,
  IceParameters,
  RtpCapabilities,
  RtpParameters,
  Transport,
} from 'mediasoup-client/types';
import { signal } from '@preact/signals';
import type { ConsumerView, RtpCapabilitiesView, TransportOptions } from '../../protocol/media.ts';
import { toLinkHealth, type LinkHealth } from './call-state.ts';
import type { MediaLink, MediaLinkOptions, ReceivedTrack } from './media-link.ts';
import { createTrackSender, type TrackSender } from './track-sender.ts';

// Reading what the browser can do takes two trial connections, so it is kept for the page. All routers of one server
// are alike; another set of capabilities (after an update) makes a new one.
let pageDevice: { key: string; device: Promise<Device>; loaded?: Device } | undefined;

function requireDevice(routerRtpCapabilities: RtpCapabilities): Promise<Device> {
  const key = JSON.stringify(routerRtpCapabilities);
  if (pageDevice?.key === key) return pageDevice.device;
  const made: NonNullable<typeof pageDevice> = { key, device: loadDevice(routerRtpCapabilities) };
  pageDevice = made;
  made.device.then(
    (device) => (made.loaded = device),
    () => pageDevice === made && (pageDevice = undefined),
  );
  return made.device;
}

/** Reads what this browser can do before there is a call, which takes two trial connections. */
export async function prepareDevice(routerRtpCapabilities: object): Promise<void> {
  await requireDevice(routerRtpCapabilities as RtpCapabilities);
}

/** What this browser can decode, once that has been read. */
export function findDecodable(): RtpCapabilitiesView | undefined {
  return pageDevice?.loaded === undefined ? undefined : toDecodable(pageDevice.loaded);
}

function toDecodable({ recvRtpCapabilities }: Device): RtpCapabilitiesView {
  return { ...recvRtpCapabilities, codecs: recvRtpCapabilities.codecs ?? [] };
}

async function loadDevice(routerRtpCapabilities: RtpCapabilities): Promise<Device> {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities });
  return device;
}

/** Sends and receives through the server's media worker. Two round trips after `call:join-call`, then media flows. */
export async function openSfuLink(options: MediaLinkOptions): Promise<MediaLink> {
  const { signalling, joined, callId, clientId, onRefused } = options;
  const device = await requireDevice(joined.routerRtpCapabilities as RtpCapabilities);
  const page = { callId, clientId };
  const iceServers = joined.iceServers.map(({ urls, username, credential }) => ({
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }));
  const receive = device.createRecvTransport({ ...toTransportOptions(joined.receiveTransport), iceServers });
  /** Made with the first thing to send: a connection takes its time, and what is received comes first. */
  let sending: { transport: Transport; sender: TrackSender } | undefined;
  const health = signal<LinkHealth>('idle');
  const received = signal<ReceivedTrack[]>([]);
  const consumers = new Map<string, Consumer>();
  /** Taken in or on the way, so that an event and an answer that name the same track meet once. */
  const takenIds = new Set<string>();
  const droppedIds = new Set<string>();
  const pausedNow = new Map<string, boolean>();
  let isClosed = false;
  let isLetIn = options.isPrepared !== true;

  const probing = createProbing(receive);
  watchTransport(receive);

  function watchTransport(transport: Transport): void {
    transport.on('connect', ({ dtlsParameters }, done) => {
      // NOTE: not awaited: what follows is on the same ordered socket, and the browser's first hello is repeated anyway.
      done();
      const fingerprints = dtlsParameters.fingerprints;
      const role = dtlsParameters.role === undefined ? {} : { role: dtlsParameters.role };
      tell('call:connect-transport', { ...page, transportId: transport.id, dtlsParameters: { fingerprints, ...role } });
    });
    transport.on('connectionstatechange', readHealth);
  }

  function readHealth(): void {
    if (!isClosed) health.value = toLinkHealth(listTransports().map(({ connectionState }) => connectionState));
  }

  function listTransports(): Transport[] {
    return sending === undefined ? [receive] : [sending.transport, receive];
  }

  function ensureSender(): TrackSender {
    if (sending !== undefined) return sending.sender;
    const transport = device.createSendTransport({ ...toTransportOptions(joined.sendTransport), iceServers });
    watchTransport(transport);
    const sender = createTrackSender({ signalling, callId, clientId, onRefused, device, transport });
    sending = { transport, sender };
    return sender;
  }

  function refuse(error: unknown): void {
    if (!isClosed) onRefused(error);
  }

  function tell(...[name, input]: Parameters<typeof signalling.request>): void {
    signalling.request(name, input).catch(refuse);
  }

  async function takeIn(views: ConsumerView[]): Promise<void> {
    const fresh = views.filter(({ consumerId }) => !takenIds.has(consumerId) && !droppedIds.has(consumerId));
    for (const view of fresh) takenIds.add(view.consumerId);
    probing.keepFor(fresh);
    const made = await Promise.all(fresh.map(consume));
    const consumerIds = made.filter((id) => id !== undefined);
    // Not awaited: what is taken in can be shown, and whoever waits for that has more to do.
    if (isLetIn) ask(consumerIds);
  }

  function ask(consumerIds: string[]): void {
    if (consumerIds.length > 0 && !isClosed) tell('call:resume-consumers', { ...page, consumerIds });
  }

  async function consume(view: ConsumerView): Promise<string | undefined> {
    const { consumerId, seatId, source } = view;
    const consumer = await receive.consume({
      id: consumerId,
      producerId: view.producerId,
      kind: view.kind,
      rtpParameters: view.rtpParameters as RtpParameters,
      // One name per seat keeps lips and voice together.
      streamId: seatId,
    });
    if (isClosed || droppedIds.has(consumerId)) {
      consumer.close();
      return undefined;
    }
    consumers.set(consumerId, consumer);
    const isPaused = pausedNow.get(consumerId) ?? view.isProducerPaused;
    received.value = [...received.value, { consumerId, seatId, source, track: consumer.track, isPaused }];
    return consumerId;
  }

  function drop(consumerId: string): void {
    droppedIds.add(consumerId);
    consumers.get(consumerId)?.close();
    consumers.delete(consumerId);
    received.value = received.value.filter((one) => one.consumerId !== consumerId);
  }

  function setPaused(consumerId: string, isPaused: boolean): void {
    pausedNow.set(consumerId, isPaused);
    received.value = received.value.map((one) => (one.consumerId === consumerId ? { ...one, isPaused } : one));
  }

  async function resume(consumerIds: string[]): Promise<void> {
    await signalling.request('call:resume-consumers', { ...page, consumerIds });
  }

  async function receiveAll(): Promise<void> {
    const knownIds = [...consumers.keys()];
    const { consumers: views } = await signalling.request('call:receive-tracks', {
      ...page,
      rtpCapabilities: toDecodable(device),
    });
    const listedIds = new Set(views.map((view) => view.consumerId));
    // Only what was there before the question: a track that came while it was answered is not in the answer.
    for (const consumerId of knownIds) if (!listedIds.has(consumerId)) drop(consumerId);
    for (const view of views) setPaused(view.consumerId, view.isProducerPaused);
    await takeIn(views);
  }

  // The first track opens the path as well, so with one on the way nothing else need do it.
  if (joined.consumers.length === 0) openReceiving(receive, device);
  return {
    generation: joined.generation,
    health,
    received,
    send(source, track, ...how) {
      if (isClosed || (sending === undefined && track === null)) return Promise.resolve();
      return ensureSender().send(source, track, ...how);
    },
    prepareSending(sources) {
      if (isClosed) return;
      const sender = ensureSender();
      for (const source of sources) sender.prepare(source);
    },
    receive: takeIn,
    receiveAll,
    dropReceived: drop,
    setReceivedPaused: setPaused,
    resume,
    letIn(flowingIds) {
      if (isLetIn) return;
      isLetIn = true;
      ask([...consumers.keys()].filter((consumerId) => !flowingIds.includes(consumerId)));
    },
    async restartIce() {
      await Promise.all(
        listTransports().map(async (transport) => {
          if (transport.connectionState === 'new') return;
          const { iceParameters } = await signalling.request('call:restart-ice', {
            ...page,
            transportId: transport.id,
          });
          await transport.restartIce({ iceParameters: iceParameters as IceParameters });
        }),
      );
    },
    async readStats() {
      const [sent, receiving] = await Promise.all([sending?.transport.getStats(), receive.getStats()]);
      return { sending: sent ?? new Map(), receiving };
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      sending?.sender.close();
      sending?.transport.close();
      receive.close();
      received.value = [];
    },
  };
}

/**
 * With the first picture the library takes in a stream of its own by which the server finds out how much the line
 * carries: a negotiation of its own, just while the first frame is awaited. The server needs to know only where it may
 * choose between sizes of a picture.
 *
 * NOTE: the library has no option for it; the version is pinned, and a test counts the negotiations.
 */
function createProbing(receive: Transport): { keepFor(views: readonly ConsumerView[]): void } {
  const DONE = '_probatorConsumerCreated';
  let isPutOff = Reflect.get(receive, DONE) === false;
  if (isPutOff) Reflect.set(receive, DONE, true);
  return {
    keepFor(views) {
      if (!isPutOff || !views.some(hasSizes)) return;
      isPutOff = false;
      Reflect.set(receive, DONE, false);
    },
  };
}

function hasSizes({ rtpParameters: { encodings } }: ConsumerView): boolean {
  if (!Array.isArray(encodings)) return false;
  return encodings.some((one: { scalabilityMode?: unknown }) => /^[LS][2-9]/.test(String(one.scalabilityMode)));
}

/**
 * Opens the path for receiving before there is anything to receive. Without it the browser starts connecting with the
 * first track, several round trips before that can be seen; this way they pass while devices start.
 */
function openReceiving(receive: Transport, device: Device): void {
  const codec = device.recvRtpCapabilities.codecs?.find(({ kind }) => kind === 'audio');
  if (codec?.preferredPayloadType === undefined) return;
  const { mimeType, clockRate, channels, preferredPayloadType: payloadType } = codec;
  receive
    .consume({
      id: OPENING_NAME,
      producerId: OPENING_NAME,
      kind: 'audio',
      rtpParameters: {
        // NOTE: the server numbers its tracks; a name of our own keeps out of their way.
        mid: OPENING_NAME,
        codecs: [{ mimeType, clockRate, payloadType, ...(channels === undefined ? {} : { channels }) }],
        encodings: [{ ssrc: OPENING_SSRC }],
        rtcp: { cname: OPENING_NAME },
      },
    })
    // Then the first real track opens the path.
    .catch(() => {});
}

const OPENING_NAME = 'opening';
/** Nothing is ever sent under it. */
const OPENING_SSRC = 1;

function toTransportOptions(options: TransportOptions): {
  id: string;
  iceParameters: IceParameters;
  iceCandidates: IceCandidate[];
  dtlsParameters: DtlsParameters;
} {
  return {
    id: options.transportId,
    iceParameters: options.iceParameters as IceParameters,
    iceCandidates: options.iceCandidates as IceCandidate[],
    dtlsParameters: options.dtlsParameters as DtlsParameters,
  };
}
