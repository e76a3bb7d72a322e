import type { TrackSource } from '../../protocol/media.ts';

/** Stands where a track will be, so that a connection can be agreed on before any device is open. */
export interface Placeholder {
  readonly track: MediaStreamTrack;
  close(): void;
}

/** A live track that no device gives and that never carries anything: what a connection would receive, were there one. */
export function createPlaceholder(source: TrackSource): Placeholder {
  const connection = new RTCPeerConnection();
  const kind = source === 'microphone' || source === 'screen-audio' ? 'audio' : 'video';
  const { track } = connection.addTransceiver(kind, { direction: 'recvonly' }).receiver;
  return { track, close: () => connection.close() };
}
