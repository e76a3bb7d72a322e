import { vi } from 'vitest';
import type { ConsumerView } from '../../../protocol/media.ts';
import { createCallSession, type CallSessionOptions } from '../call-session.ts';
import { createLocalMedia } from '../local-media.ts';
import { MediaFault, type MediaFaultCode } from '../media-errors.ts';
import { createFakeDevices } from './fake-devices.ts';
import { createFakeLinks } from './fake-link.ts';
import { CALL_ID, createFakeSignalling, OTHER_SEAT_ID } from './fake-signalling.ts';
import { FakeStream, FakeTrack } from './fake-track.ts';

/** Lets everything happen that needs no time. */
export const settle = () => vi.advanceTimersByTimeAsync(0);

/** One page's session with a server, devices and links that a test holds in its hands. */
export function createCall(options: Partial<CallSessionOptions> = {}) {
  const wire = createFakeSignalling();
  const { openLink, links, settings } = createFakeLinks();
  const tracks: FakeTrack[] = [];
  const faults = new Map<string, MediaFaultCode>();
  const localMedia = createLocalMedia({
    devices: createFakeDevices().devices,
    acquire: async ({ source }) => {
      const fault = faults.get(source);
      if (fault !== undefined) throw new MediaFault(source, fault);
      const track = new FakeTrack(source === 'microphone' ? 'audio' : 'video');
      tracks.push(track);
      return track;
    },
  });
  const start = () =>
    createCallSession({
      signalling: wire.signalling,
      callId: CALL_ID,
      wanted: { isMuted: false, isCameraOn: true },
      localMedia,
      openLink,
      streamOf: (track) => new FakeStream([track]),
      ...options,
    });
  return { wire, links, settings, tracks, faults, start };
}

export const toConsumer = (change: Partial<ConsumerView> = {}): ConsumerView => ({
  consumerId: 'consumer-1',
  producerId: 'producer-1',
  seatId: OTHER_SEAT_ID,
  source: 'camera',
  kind: 'video',
  rtpParameters: { codecs: [] },
  isProducerPaused: false,
  ...change,
});
