import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { CallView, RtpCapabilitiesView, SeatView } from '../../protocol/media.ts';
import { createCallDrive } from './call-drive.ts';
import type { CallSignalling } from './call-signalling.ts';
import type { CallSessionEnd, CallState } from './call-state.ts';
import { createLocalMedia, type LocalMedia } from './local-media.ts';
import type { LocalTrack } from './local-track.ts';
import type { MediaLink, OpenMediaLink } from './media-link.ts';
import { getPageId } from './page-id.ts';
import { createQualityWatch, type QualityWatch } from './quality-watch.ts';
import type { CallQuality } from './quality.ts';
import { createStreamOf, toRemoteSeats, type RemoteSeat, type StreamOf } from './remote-seats.ts';
import { takePrepared, type PreparedLink } from './prepared-calls.ts';
import { findDecodable, openSfuLink } from './sfu-link.ts';

/** What the person wants to give; the call makes microphone, camera and server follow. */
export interface CallWish {
  isMuted: boolean;
  isCameraOn: boolean;
}

/** One page in one call, from taking the seat to hanging up. Everything it knows is a signal. */
export interface CallSession {
  readonly callId: CallView['callId'];
  readonly state: ReadonlySignal<CallState>;
  /** The call as the server tells it; null until the first answer when none was given. */
  readonly call: ReadonlySignal<CallView | null>;
  readonly remoteSeats: ReadonlySignal<RemoteSeat[]>;
  /** What the others get, not what was wished: without a microphone one is muted. */
  readonly isMuted: ReadonlySignal<boolean>;
  readonly isCameraOn: ReadonlySignal<boolean>;
  readonly localVideo: ReadonlySignal<MediaStream | null>;
  readonly localMedia: LocalMedia;
  readonly quality: ReadonlySignal<CallQuality>;
  /** The microphone is on and gives nothing at all. */
  readonly isMicrophoneDead: ReadonlySignal<boolean>;
  setMuted(isMuted: boolean): void;
  setCameraOn(isCameraOn: boolean): void;
  /** "Try again" beside a microphone or camera that could not be started. */
  retryDevice(source: LocalTrack['source']): void;
  /** "Try again" of a failed call; `takeOver` takes the seat from another tab. */
  retry(options?: { takeOver?: boolean }): void;
  /** A newer view of the call that came another way, such as with the session after a reconnect. */
  update(call: CallView): void;
  /** Ends the call for both sides; microphone and camera are given back at once. */
  hangUp(): void;
  /** Leaves without ending the call for the other side, as when the page goes away. */
  close(): void;
}

export interface CallSessionOptions {
  signalling: CallSignalling;
  callId: CallView['callId'];
  wanted: CallWish;
  /** The call as known so far. */
  call?: CallView | undefined;
  /** Tracks that a preview has started already; the call takes them over and gives them back at its end. */
  localMedia?: LocalMedia | undefined;
  /** The accept that is on its way: the seat is asked for right behind it, and devices start meanwhile. */
  joinAfter?: Promise<unknown> | undefined;
  takeOver?: boolean;
  openLink?: OpenMediaLink;
  findDecodable?: () => RtpCapabilitiesView | undefined;
  takePrepared?: () => PreparedLink | undefined;
  streamOf?: StreamOf;
}

export function createCallSession(options: CallSessionOptions): CallSession {
  const { signalling, callId } = options;
  const localMedia = options.localMedia ?? createLocalMedia();
  const { microphone, camera } = localMedia;
  const streamOf = options.streamOf ?? createStreamOf();
  const wanted = signal<CallWish>(options.wanted);
  const call = signal<CallView | null>(options.call ?? null);
  const ownSeatId = signal<SeatView['seatId'] | null>(null);
  const watch = signal<QualityWatch | null>(null);
  const closers: (() => void)[] = [];

  const drive = createCallDrive({
    signalling,
    callId,
    clientId: getPageId(),
    takeOver: options.takeOver ?? false,
    joinAfter: options.joinAfter ?? Promise.resolve(),
    openLink: options.openLink ?? openSfuLink,
    findDecodable: options.findDecodable ?? findDecodable,
    takePrepared: options.takePrepared ?? (() => takePrepared(callId)),
    onJoined(joined) {
      batch(() => {
        ownSeatId.value = joined.seatId;
        update(joined.call);
      });
    },
  });
  const { state, link, sendingLink, dispatch } = drive;

  const isMicrophoneGone = computed(() => {
    const { phase } = microphone.state.value;
    return phase === 'failed' || phase === 'off';
  });
  const isMuted = computed(() => wanted.value.isMuted || isMicrophoneGone.value);
  const isCameraOn = computed(() => wanted.value.isCameraOn && camera.state.value.phase !== 'failed');
  const localVideo = computed(() => {
    const current = camera.state.value;
    return current.phase === 'on' ? streamOf(current.track) : null;
  });
  const remoteSeats = computed(() =>
    toRemoteSeats(call.value, ownSeatId.value, drive.shownLink.value?.received.value ?? [], streamOf),
  );

  /** Nobody has accepted yet: everything is made ready, and nothing is heard or seen of this side. */
  const isWithheld = computed(() => call.value?.phase === 'prepared');

  function update(next: CallView): void {
    const known = call.peek();
    if (next.callId !== callId || (known !== null && next.revision < known.revision)) return;
    call.value = next;
    if (next.phase === 'ended') return finish(next.endReason ?? 'hung-up');
    // What could not be made ready while waiting is tried anew now that somebody is there.
    const hasBegun = known?.phase === 'prepared' && next.phase !== 'prepared';
    if (hasBegun && state.peek().phase === 'failed') drive.retry();
  }

  function startDevices(): void {
    // Muted from the start means that the microphone is not even opened; later it stays open, for a quick "Unmute".
    const isMicrophoneWanted = !wanted.peek().isMuted || microphone.state.peek().phase === 'on';
    microphone.setEnabled(!wanted.peek().isMuted);
    const settled = [microphone.want(isMicrophoneWanted), camera.want(wanted.peek().isCameraOn)];
    void Promise.allSettled(settled).then(() => dispatch({ kind: 'devices-settled' }));
  }

  /** Nothing is sent, so nothing is recorded: the lights go out until the next try. */
  function restDevices(): void {
    void microphone.want(false);
    void camera.want(false);
  }

  function setMuted(muted: boolean): void {
    // At once on this machine, whatever the network does.
    microphone.setEnabled(!muted);
    wanted.value = { ...wanted.peek(), isMuted: muted };
    if (muted) return;
    if (microphone.state.peek().phase === 'failed') void microphone.retry();
    else void microphone.want(true);
  }

  function setCameraOn(on: boolean): void {
    wanted.value = { ...wanted.peek(), isCameraOn: on };
    if (on && camera.state.peek().phase === 'failed') void camera.retry();
    else void camera.want(on);
  }

  function follow(current: MediaLink, track: LocalTrack, isPaused: boolean): void {
    const local = track.state.value;
    // While a device changes, the ended track stays in its place: nobody needs to hear of a pause that lasts a blink.
    if (local.phase === 'starting') return;
    const sent = local.phase === 'on' ? local.track : null;
    const isHeldBack = isWithheld.value;
    untracked(() => void current.send(track.source, sent, isPaused, isHeldBack).catch(drive.refusalOf(current)));
  }

  function finish(reason: CallSessionEnd): void {
    // Devices first: the light must go out even if something after this fails.
    localMedia.close();
    dispatch({ kind: 'ended', reason });
  }

  closers.push(
    // The camera first: tracks are published one after the other, and a picture has the longer way to the screen.
    effect(() => {
      const current = sendingLink.value;
      if (current !== null) follow(current, camera, !wanted.value.isCameraOn);
    }),
    effect(() => {
      const current = sendingLink.value;
      if (current !== null) follow(current, microphone, wanted.value.isMuted);
    }),
    // One watch per link: counters of another connection mean nothing.
    effect(() => {
      const current = link.value;
      const made = current === null || isWithheld.value ? null : untracked(() => watchQuality(current));
      watch.value = made;
      return () => made?.close();
    }),
    // However a call stops, it gives the devices back; one that failed may be tried again.
    effect(() => {
      const { phase } = state.value;
      if (phase === 'ended') untracked(closeAll);
      // Who waits keeps the preview: whether one is seen and heard has nothing to do with the way to the server.
      if (phase === 'failed' && !isWithheld.peek()) untracked(restDevices);
    }),
    signalling.on('call:changed', (event) => update(event.call)),
    signalling.on('call:scores-changed', (event) => {
      if (event.callId === callId) watch.peek()?.setServerScores(event);
    }),
    signalling.on('call:seat-taken-over', (event) => {
      if (event.callId === callId) finish('taken-over');
    }),
    listenToPage(localMedia),
  );

  function closeAll(): void {
    localMedia.close();
    for (const close of closers.splice(0)) close();
    drive.close();
  }

  function watchQuality(current: MediaLink): QualityWatch {
    return createQualityWatch({
      link: current,
      isMicrophoneOpen: () => !isMuted.peek() && !microphone.isInterrupted.peek(),
      report: (samples) => {
        const input = { callId, clientId: getPageId(), samples };
        // Measurements are worth less than the call: a lost one stays lost.
        signalling.request('call:report-quality', input).catch(() => {});
      },
    });
  }

  startDevices();
  drive.start();

  return {
    callId,
    state,
    call,
    remoteSeats,
    isMuted,
    isCameraOn,
    localVideo,
    localMedia,
    quality: computed(() => watch.value?.quality.value ?? { sending: 'good', receiving: 'good' }),
    isMicrophoneDead: computed(() => watch.value?.isMicrophoneDead.value ?? false),
    setMuted,
    setCameraOn,
    retryDevice(source) {
      if (source === 'microphone') setMuted(false);
      else setCameraOn(true);
    },
    retry(again) {
      if (state.peek().phase !== 'failed') return;
      startDevices();
      drive.retry(again);
    },
    update,
    hangUp() {
      if (state.peek().phase === 'ended') return;
      finish('hung-up');
      // Offline it is lost, and the server lets the seat go by itself after its grace period.
      signalling.request('call:hang-up', { callId }).catch(() => {});
    },
    close: () => finish('left'),
  };
}

/** Coming back to a phone's browser often finds the camera held back by the system: start it anew. */
function listenToPage(localMedia: LocalMedia): () => void {
  if (typeof document === 'undefined') return () => {};
  const handleVisible = () => {
    if (document.visibilityState !== 'visible') return;
    for (const track of [localMedia.microphone, localMedia.camera]) {
      if (track.isInterrupted.peek()) void track.retry();
    }
  };
  document.addEventListener('visibilitychange', handleVisible);
  return () => document.removeEventListener('visibilitychange', handleVisible);
}
