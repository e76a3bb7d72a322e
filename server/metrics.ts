import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createShareMetrics, type ShareNumbers } from './share-metrics.ts';

/** Numbers read at the moment somebody looks. */
export interface LiveNumbers {
  visitorPages: number;
  agentPages: number;
  conversations: Record<string, number>;
  mediaWorkersUp: number;
  mediaWorkersWanted: number;
  mediaWorkersDied: number;
  rooms: number;
  producers: number;
  consumers: number;
  sharing: ShareNumbers;
}

export interface Metrics {
  contentType: string;
  read(): Promise<string>;
  observeRequest(wireName: string, outcome: string, tookMs: number): void;
  countMessage(): void;
}

const REQUEST_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** Prometheus metrics of this process, each server with a registry of its own. */
export function createMetrics(
  readNumbers: () => Promise<LiveNumbers>,
  isKnownRequest: (name: string) => boolean,
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'foyer_request_duration_seconds',
    help: 'Time to answer a request of a page.',
    labelNames: ['name', 'outcome'],
    buckets: REQUEST_BUCKETS_S,
    registers,
  });
  const messages = new Counter({ name: 'foyer_messages_total', help: 'Messages stored.', registers });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const pages = gauge('foyer_pages', 'Open pages by side.', ['party']);
  const conversations = gauge('foyer_conversations', 'Running conversations by phase.', ['phase']);
  const workers = gauge('foyer_media_workers', 'Media workers by state.', ['state']);
  const media = gauge('foyer_media_objects', 'Rooms, producers and consumers in the media workers.', ['kind']);
  const setSharing = createShareMetrics(registry);

  return {
    contentType: registry.contentType,
    async read() {
      const numbers = await readNumbers();
      pages.set({ party: 'visitor' }, numbers.visitorPages);
      pages.set({ party: 'agent' }, numbers.agentPages);
      for (const [phase, count] of Object.entries(numbers.conversations)) conversations.set({ phase }, count);
      workers.set({ state: 'up' }, numbers.mediaWorkersUp);
      workers.set({ state: 'wanted' }, numbers.mediaWorkersWanted);
      workers.set({ state: 'died' }, numbers.mediaWorkersDied);
      media.set({ kind: 'room' }, numbers.rooms);
      media.set({ kind: 'producer' }, numbers.producers);
      media.set({ kind: 'consumer' }, numbers.consumers);
      setSharing(numbers.sharing);
      return registry.metrics();
    },
    observeRequest(wireName, outcome, tookMs) {
      // A label for each made-up name would let a hostile page fill the memory.
      requests.observe({ name: isKnownRequest(wireName) ? wireName : 'unknown', outcome }, tookMs / 1_000);
    },
    countMessage: () => messages.inc(),
  };
}
