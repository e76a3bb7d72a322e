import { signal } from '@preact/signals';
import type { ConsumerView, TrackSource } from '../../../protocol/media.ts';
import type { LinkHealth } from '../call-state.ts';
import type { MediaLink, OpenMediaLink, ReceivedTrack } from '../media-link.ts';
import { FakeTrack } from './fake-track.ts';

export interface FakeLink extends MediaLink {
  readonly health: MediaLink['health'] & { value: LinkHealth };
  readonly sent: Map<TrackSource, { track: MediaStreamTrack | null; isPaused: boolean; isWithheld?: true }>;
  readonly resumed: string[];
  isPrepared: boolean;
  readonly preparedSources: TrackSource[];
  iceRestarts: number;
  isClosed: boolean;
}

/** Links that carry nothing and remember everything; each one made is in `links`. */
export function createFakeLinks() {
  const links: FakeLink[] = [];
  const settings: { health: LinkHealth; refusal: Error | null } = { health: 'up', refusal: null };

  const openLink: OpenMediaLink = async ({ joined, signalling, callId, clientId, isPrepared = false }) => {
    if (settings.refusal !== null) throw settings.refusal;
    const health = signal<LinkHealth>(settings.health);
    const received = signal<ReceivedTrack[]>([]);
    const take = (consumers: ConsumerView[]) => {
      received.value = [
        ...received.value,
        ...consumers.map(({ consumerId, seatId, source, kind, isProducerPaused }) => ({
          consumerId,
          seatId,
          source,
          track: new FakeTrack(kind),
          isPaused: isProducerPaused,
        })),
      ];
    };
    const link: FakeLink = {
      generation: joined.generation,
      health,
      received,
      sent: new Map(),
      resumed: [],
      isPrepared,
      preparedSources: [],
      iceRestarts: 0,
      isClosed: false,
      async send(source, track, isPaused, isWithheld = false) {
        link.sent.set(source, { track, isPaused, ...(isWithheld ? { isWithheld } : {}) });
      },
      prepareSending(sources) {
        link.preparedSources.push(...sources);
      },
      async receive(consumers) {
        const known = new Set(received.peek().map(({ consumerId }) => consumerId));
        take(consumers.filter(({ consumerId }) => !known.has(consumerId)));
      },
      async receiveAll() {
        const { consumers } = await signalling.request('call:receive-tracks', {
          callId,
          clientId,
          rtpCapabilities: { codecs: [] },
        });
        take(consumers);
      },
      dropReceived(consumerId) {
        received.value = received.value.filter((one) => one.consumerId !== consumerId);
      },
      setReceivedPaused(consumerId, isPaused) {
        received.value = received.value.map((one) => (one.consumerId === consumerId ? { ...one, isPaused } : one));
      },
      async resume(consumerIds) {
        link.resumed.push(...consumerIds);
      },
      letIn(flowingIds) {
        link.resumed.push(...flowingIds);
      },
      async restartIce() {
        link.iceRestarts += 1;
      },
      readStats: () => Promise.resolve({ sending: new Map(), receiving: new Map() }),
      close() {
        link.isClosed = true;
      },
    };
    links.push(link);
    return link;
  };
  return { openLink, links, settings };
}
