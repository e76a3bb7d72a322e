import type { CallView } from '../../../protocol/media.ts';
import { createCallSession, type CallSession } from '../../../media/browser/call-session.ts';
import { keepPrepared } from '../../../media/browser/prepared-calls.ts';
import { prepareDevice } from '../../../media/browser/sfu-link.ts';
import type { CallSignalling } from '../../../media/browser/call-signalling.ts';

// Runs in Chromium: the real call of a page, with the wire replaced by functions that the test hands in.

type Answer = { ok: true; data: never } | { ok: false; error: { code: string; message: string } };

interface PageWindow {
  /** Given by the test: one request to the call part. */
  foyerRequest(name: string, input: unknown): Promise<Answer>;
  /** Called by the test: one event from the call part. */
  foyerTell(event: { name: string; payload: unknown }): void;
  foyerCall: typeof pageCall;
}
const page = window as Window & typeof globalThis & PageWindow;

const listeners = new Map<string, Set<(payload: never) => void>>();
page.foyerTell = ({ name, payload }) => {
  for (const listener of listeners.get(name) ?? []) listener(payload as never);
};

let keptProtocols = ['udp', 'tcp'];
const signalling: CallSignalling = {
  async request(name, input) {
    const answer = await page.foyerRequest(name, input);
    if (!answer.ok) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
    if (name === 'call:join-call' || name === 'call:prepare-join') dropOtherCandidates(answer.data);
    return answer.data;
  },
  on(event, handler) {
    const known = listeners.get(event) ?? new Set();
    listeners.set(event, known.add(handler));
    return () => known.delete(handler);
  },
};

/** As a firewall would: what is not kept is never tried. */
function dropOtherCandidates(
  joined: Record<'sendTransport' | 'receiveTransport', { iceCandidates: { protocol?: string }[] }>,
) {
  for (const transport of [joined.sendTransport, joined.receiveTransport]) {
    transport.iceCandidates = transport.iceCandidates.filter(({ protocol }) => keptProtocols.includes(protocol ?? ''));
  }
}

let session: CallSession | undefined;
interface Player {
  video: HTMLVideoElement;
  frames: number;
  lastFrameAt: number;
}
const players = new Map<MediaStream, Player>();

/** Plays what arrives, as a call panel would, and counts the pictures. */
function play(stream: MediaStream): void {
  if (players.has(stream)) return;
  const video = document.createElement('video');
  const player: Player = { video, frames: 0, lastFrameAt: 0 };
  players.set(stream, player);
  video.muted = true;
  video.srcObject = stream;
  document.body.append(video);
  const count = () => {
    player.frames += 1;
    player.lastFrameAt = performance.now();
    video.requestVideoFrameCallback(count);
  };
  video.requestVideoFrameCallback(count);
  void video.play();
}

/** What shows the other side right now. */
function currentPlayer(): Player | undefined {
  const stream = session?.remoteSeats.value[0]?.video;
  return stream ? players.get(stream) : undefined;
}

function until(isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (isTrue() ? resolve() : setTimeout(look, 10));
    look();
  });
}

const pageCall = {
  start(
    callId: string,
    options: { isCameraOn: boolean; protocols?: string[]; takeOver?: boolean; call?: CallView },
  ): void {
    keptProtocols = options.protocols ?? keptProtocols;
    session = createCallSession({
      signalling,
      callId: callId as CallSession['callId'],
      wanted: { isMuted: false, isCameraOn: options.isCameraOn },
      takeOver: options.takeOver ?? false,
      call: options.call,
    });
    session.remoteSeats.subscribe((seats) => {
      for (const { audio, video } of seats) {
        if (audio) play(audio);
        if (video) play(video);
      }
    });
  },
  /** As a page does while a call is only near. */
  async prepare(): Promise<void> {
    const { routerRtpCapabilities } = await signalling.request('call:read-codecs', {});
    await prepareDevice(routerRtpCapabilities);
  },
  /** As a page does at which a call rings; fulfilled once its connection stands. Without a call: it rings no longer. */
  async ring(callId?: string): Promise<void> {
    keepPrepared(
      signalling,
      callId === undefined ? [] : [{ callId: callId as CallSession['callId'], modality: 'video' }],
    );
    const isUp = ({ connectionState }: RTCPeerConnection) => connectionState === 'connected';
    await until(() => [...connections].some(isUp) === (callId !== undefined));
  },
  /** How often each connection that receives has been agreed on anew. */
  negotiations: () => [...offersTaken.values()],
  state: () => session?.state.value,
  /** Fulfilled once this many further pictures of the other side were shown; answers their width. */
  async frames(count: number): Promise<number> {
    const before = new Map([...players.values()].map((player) => [player, player.frames]));
    const isThere = () => {
      const player = currentPlayer();
      return player !== undefined && player.frames - (before.get(player) ?? 0) >= count;
    };
    await until(isThere);
    return currentPlayer()?.video.videoWidth ?? 0;
  },
  /** As `frames`, but of a stream that is not there yet. */
  async newFrames(count: number): Promise<void> {
    const old = new Set(players.values());
    await until(() => {
      const player = currentPlayer();
      return player !== undefined && !old.has(player) && player.frames >= count;
    });
  },
  /** Fulfilled once no picture has come for so long. */
  stillness: (forMs: number) => until(() => performance.now() - (currentPlayer()?.lastFrameAt ?? 0) >= forMs),
  /** Fulfilled once the other side is heard; answers the loudest sample, 0 to 1. */
  async sound(): Promise<number> {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    let heard: MediaStream | undefined;
    let source: MediaStreamAudioSourceNode | undefined;
    let loudest = 0;
    await until(() => {
      const stream = session?.remoteSeats.value.find(({ audio }) => audio)?.audio ?? undefined;
      if (stream && stream !== heard) {
        heard = stream;
        source?.disconnect();
        source = context.createMediaStreamSource(stream);
        source.connect(analyser);
      }
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, ...samples.map(Math.abs));
      return loudest > 0.02;
    });
    await context.close();
    return loudest;
  },
  setCameraOn: (isOn: boolean) => session?.setCameraOn(isOn),
  remoteCameraIs: (isOn: boolean) => until(() => session?.remoteSeats.value[0]?.isCameraOn === isOn),
  /** Which way the media takes: protocol and address of the server as this browser sees it, and the cipher. */
  async path(): Promise<{ way: string; cipher: string }> {
    for (;;) {
      const stats = await sendingStats();
      const transport = stats.find(({ type, srtpCipher }) => type === 'transport' && srtpCipher);
      const pair = stats.find(({ id }) => id === transport?.['selectedCandidatePairId']);
      const remote = stats.find(({ id }) => id === pair?.['remoteCandidateId']);
      if (remote) {
        const [protocol, address, cipher] = [remote['protocol'], remote['address'], transport?.['srtpCipher']];
        return { way: `${String(protocol)} ${String(address)}`, cipher: String(cipher) };
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  connected: () => until(() => session?.state.value.phase === 'connected'),
  /** Fulfilled once the page's own camera has given this many further pictures, as its preview would show them. */
  async ownFrames(count: number): Promise<void> {
    const stream = session?.localVideo.value;
    if (!stream) throw new Error('The camera is off.');
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = stream;
    let seen = 0;
    const look = () => {
      seen += 1;
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
    await video.play();
    await until(() => seen >= count);
    video.srcObject = null;
  },
  /** What has left this browser so far: packets and bytes of media, and how many senders have a place. */
  async sent(): Promise<{ senders: number; packets: number; bytes: number }> {
    const total = { senders: 0, packets: 0, bytes: 0 };
    for (const connection of connections) {
      total.senders += connection.getTransceivers().filter(({ currentDirection: way }) => way === 'sendonly').length;
      for (const stats of (await connection.getStats()).values()) {
        if (stats.type !== 'outbound-rtp') continue;
        total.packets += stats.packetsSent;
        total.bytes += stats.bytesSent;
      }
    }
    return total;
  },
  /** What has arrived at this browser so far. */
  async received(): Promise<{ packets: number; bytes: number }> {
    const total = { packets: 0, bytes: 0 };
    for (const connection of connections) {
      for (const stats of (await connection.getStats()).values()) {
        if (stats.type !== 'inbound-rtp') continue;
        total.packets += stats.packetsReceived;
        total.bytes += stats.bytesReceived;
      }
    }
    return total;
  },
  setMuted: (isMuted: boolean) => session?.setMuted(isMuted),
  hangUp: () => session?.hangUp(),
};
page.foyerCall = pageCall;

const connections = new Set<RTCPeerConnection>();
/** Offers that the server made to a connection, as it does where the page receives. */
const offersTaken = new Map<RTCPeerConnection, number>();
const NativeConnection = window.RTCPeerConnection;
window.RTCPeerConnection = class extends NativeConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.add(this);
  }

  override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    if (description.type === 'offer') offersTaken.set(this, (offersTaken.get(this) ?? 0) + 1);
    return super.setRemoteDescription(description);
  }
};

async function sendingStats(): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  for (const connection of connections) {
    const isSending = connection.getSenders().some(({ track }) => track !== null);
    if (isSending && connection.connectionState === 'connected') all.push(...(await connection.getStats()).values());
  }
  return all;
}

export type PageCall = typeof pageCall;
