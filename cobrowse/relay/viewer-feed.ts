import type { KeptFrame } from './frame-cache.ts';
import type { RelayCounters } from './relay-metrics.ts';
import type { TabStream } from './tab-stream.ts';

/**
 * How far one viewer has come. It has no queue of its own: only a place in what is kept for all. Who lags is sent
 * nothing until it has confirmed, and then goes on from there, or from the key frame that has come meanwhile. So a slow
 * viewer costs neither memory nor anybody else's time.
 */
export interface ViewerFeed {
  /** Sends what may be sent of this stream now. */
  pump(stream: TabStream): void;
  confirm(stream: TabStream, seq: number): void;
  /** This viewer has lost its way: everything that is kept, from the key frame on. */
  restart(stream: TabStream): void;
  dropTab(tabId: string): void;
}

export interface ViewerFeedParts {
  windowBytes: number;
  counters: RelayCounters;
  send(stream: TabStream, frame: KeptFrame): void;
}

interface Place {
  epoch: number;
  run: number;
  /** Of the next frame to send. */
  index: number;
  unconfirmed: { seq: number; bytes: number }[];
  unconfirmedBytes: number;
}

export function createViewerFeed({ windowBytes, counters, send }: ViewerFeedParts): ViewerFeed {
  const places = new Map<string, Place>();

  function placeIn(stream: TabStream): Place {
    const known = places.get(stream.tabId);
    if (known?.epoch === stream.epoch) return known;
    const place = { epoch: stream.epoch, run: stream.cache.run, index: 0, unconfirmed: [], unconfirmedBytes: 0 };
    places.set(stream.tabId, place);
    return place;
  }

  function pump(stream: TabStream): void {
    const { cache } = stream;
    const place = placeIn(stream);
    for (;;) {
      // A new key frame makes all before it needless, sent or not.
      const isBehind = place.run !== cache.run;
      const next = cache.frames[isBehind ? 0 : place.index];
      if (!next) return;
      if (place.unconfirmedBytes > 0 && place.unconfirmedBytes + next.bytes > windowBytes) return;
      if (isBehind) {
        if (cache.run > place.run + 1) counters.viewersSkippedAhead += 1;
        place.run = cache.run;
        place.index = 0;
      }
      place.index += 1;
      place.unconfirmed.push({ seq: next.seq, bytes: next.bytes });
      place.unconfirmedBytes += next.bytes;
      send(stream, next);
    }
  }

  return {
    pump,
    confirm(stream, seq) {
      const place = places.get(stream.tabId);
      if (place?.epoch !== stream.epoch) return;
      const left = place.unconfirmed.findIndex((frame) => frame.seq > seq);
      const confirmed = place.unconfirmed.splice(0, left < 0 ? place.unconfirmed.length : left);
      for (const { bytes } of confirmed) place.unconfirmedBytes -= bytes;
      pump(stream);
    },
    restart(stream) {
      places.delete(stream.tabId);
      pump(stream);
    },
    dropTab: (tabId) => void places.delete(tabId),
  };
}
