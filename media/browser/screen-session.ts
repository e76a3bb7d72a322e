import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { CallId } from '../../protocol/ids.ts';
import type { RtpCapabilitiesView } from '../../protocol/media.ts';
import { createCallDrive } from './call-drive.ts';
import type { CallSignalling } from './call-signalling.ts';
import type { CallState } from './call-state.ts';
import type { OpenMediaLink } from './media-link.ts';
import { getPageId } from './page-id.ts';
import { findDecodable, openSfuLink } from './sfu-link.ts';

/** One page at one shared screen, as the one who shows it or as one who looks. */
export interface ScreenSession {
  readonly state: ReadonlySignal<CallState>;
  /** Picture and sound as they arrive; null until there is a picture. */
  readonly received: ReadonlySignal<MediaStream | null>;
  /** Shows this, in place of what was shown before. Its tracks are only lent. Harmless when repeated. */
  send(stream: MediaStream | null): void;
  retry(options?: { takeOver?: boolean }): void;
  close(): void;
}

export interface ScreenSessionOptions {
  signalling: CallSignalling;
  /** What carries a screen has its share's id. */
  callId: CallId;
  /** Takes the seat from another tab of the same person. */
  takeOver: boolean;
  openLink?: OpenMediaLink;
  findDecodable?: () => RtpCapabilitiesView | undefined;
  toStream?: (tracks: MediaStreamTrack[]) => MediaStream;
}

/** Opens no microphone and no camera. It ends with the share, of which the caller hears. */
export function createScreenSession(options: ScreenSessionOptions): ScreenSession {
  const { signalling, callId, toStream = (tracks) => new MediaStream(tracks) } = options;
  const sent = signal<{ stream: MediaStream } | null>(null);
  const drive = createCallDrive({
    signalling,
    callId,
    clientId: getPageId(),
    takeOver: options.takeOver,
    joinAfter: Promise.resolve(),
    openLink: options.openLink ?? openSfuLink,
    findDecodable: options.findDecodable ?? findDecodable,
    // Nothing of it rings, so there is nothing to be ready for.
    takePrepared: () => undefined,
    onJoined: () => undefined,
  });
  const { state, sendingLink, shownLink, dispatch } = drive;

  let known: { key: string; stream: MediaStream } | undefined;
  const received = computed(() => {
    const tracks = shownLink.value?.received.value ?? [];
    const find = (source: 'screen' | 'screen-audio') => tracks.find((one) => one.source === source);
    const picture = find('screen');
    if (picture === undefined) return null;
    const both = [picture.track, find('screen-audio')?.track].filter((track) => track !== undefined);
    const key = both.map(({ id }) => id).join(' ');
    // The same stream as long as nothing in it changes: an element that plays is not to be torn down.
    if (known?.key !== key) known = { key, stream: toStream(both) };
    return known.stream;
  });

  const closers = [
    effect(() => {
      const link = sendingLink.value;
      const wanted = sent.value;
      if (link === null) return;
      const picture = wanted?.stream.getVideoTracks()[0] ?? null;
      const sound = wanted?.stream.getAudioTracks()[0] ?? null;
      untracked(() => {
        for (const [source, track] of [['screen', picture] as const, ['screen-audio', sound] as const]) {
          link.send(source, track, false).catch(drive.refusalOf(link));
        }
      });
    }),
    signalling.on('call:seat-taken-over', (event) => {
      if (event.callId === callId) dispatch({ kind: 'ended', reason: 'taken-over' });
    }),
  ];
  dispatch({ kind: 'devices-settled' });
  drive.start();

  return {
    state,
    received,
    // A new object each time: the same tracks may be marked differently now.
    send: (stream) => void (sent.value = stream === null ? null : { stream }),
    retry: drive.retry,
    close() {
      for (const close of closers.splice(0)) close();
      drive.close();
    },
  };
}
