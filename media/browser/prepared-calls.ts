import { effect } from '@preact/signals';
import type { CallView, MediaPlace, RtpCapabilitiesView } from '../../protocol/media.ts';
import type { CallSignalling } from './call-signalling.ts';
import type { MediaLink, OpenMediaLink } from './media-link.ts';
import { getPageId } from './page-id.ts';
import { findDecodable, openSfuLink } from './sfu-link.ts';
import { whenWarm } from './warm-up.ts';

type CallId = CallView['callId'];

/** A call that rings at this page, and what will be sent in it. */
export type RingingCall = Pick<CallView, 'callId' | 'modality'>;

/** A link that stands before its page has joined. Whoever takes it closes it, or lets it in. */
export interface PreparedLink {
  readonly link: MediaLink;
  /** Tracks of the others that are built and only need to flow; undefined when the link was lost. */
  listBuilt(): string[] | undefined;
  /** Whether what the server answered to the join is what this link was made for. */
  fits(joined: MediaPlace): boolean;
  /** The page has joined; `flowingIds` were named with the join. Refusals go to this one from now on. */
  letIn(flowingIds: readonly string[], onRefused: (error: unknown) => void): MediaLink;
  close(): void;
}

export interface PrepareOptions {
  signalling: CallSignalling;
  callId: CallId;
  modality: RingingCall['modality'];
  rtpCapabilities: RtpCapabilitiesView;
  openLink?: OpenMediaLink;
}

/**
 * Connects to the media of a call that rings at this page: both sides agree, encrypt and build the tracks that are
 * there, so that a yes only has to let them flow. Opens no device. Rejects when that cannot be; the call then begins
 * without it.
 */
export async function prepareLink({
  signalling,
  callId,
  modality,
  rtpCapabilities,
  openLink = openSfuLink,
}: PrepareOptions): Promise<PreparedLink> {
  const clientId = getPageId();
  const early: Parameters<MediaLink['receive']>[0] = [];
  let link: MediaLink | undefined;
  let isClosed = false;
  let handleRefusal: (error: unknown) => void = close;
  const closers = [
    signalling.on('call:tracks-added', (event) => {
      if (event.callId !== callId) return;
      if (link === undefined) early.push(...event.consumers);
      else if (link.generation === event.generation)
        link.receive(event.consumers).catch((error) => handleRefusal(error));
    }),
    signalling.on('call:track-removed', (event) => {
      if (event.callId === callId) link?.dropReceived(event.consumerId);
    }),
    signalling.on('call:track-paused', (event) => {
      if (event.callId === callId) link?.setReceivedPaused(event.consumerId, event.isPaused);
    }),
  ];

  function stopListening(): void {
    for (const stop of closers.splice(0)) stop();
  }

  function close(): void {
    isClosed = true;
    stopListening();
    link?.close();
  }

  let place: MediaPlace;
  try {
    place = await signalling.request('call:prepare-join', { callId, clientId, rtpCapabilities });
    link = await openLink({
      signalling,
      callId,
      clientId,
      joined: place,
      isPrepared: true,
      onRefused: (error) => handleRefusal(error),
    });
    await link.receive([...place.consumers, ...early]);
    link.prepareSending(modality === 'video' ? ['camera', 'microphone'] : ['microphone']);
  } catch (error) {
    close();
    throw error;
  }
  const opened = link;
  closers.push(
    effect(() => {
      if (opened.health.value === 'down') queueMicrotask(() => handleRefusal(new Error('The connection was lost.')));
    }),
  );
  return {
    link: opened,
    listBuilt: () => (isClosed ? undefined : opened.received.peek().map(({ consumerId }) => consumerId)),
    fits: (joined) =>
      !isClosed &&
      joined.generation === place.generation &&
      joined.receiveTransport.transportId === place.receiveTransport.transportId,
    letIn(flowingIds, onRefused) {
      stopListening();
      handleRefusal = onRefused;
      opened.letIn(flowingIds);
      return opened;
    },
    close,
  };
}

interface Preparation {
  ready: PreparedLink | undefined;
  state: 'ringing' | 'over';
}

const preparations = new Map<CallId, Preparation>();

/**
 * The calls that ring at this page right now: each gets its link, and those that no longer ring lose theirs, unless
 * somebody has taken it to join.
 */
export function keepPrepared(signalling: CallSignalling, ringing: readonly RingingCall[]): void {
  for (const [callId, preparation] of preparations) {
    // NOTE: not at once: a call that was accepted rings no longer either, and who joins it comes within this turn.
    if (!ringing.some((call) => call.callId === callId)) setTimeout(() => discard(callId, preparation));
  }
  for (const call of ringing) {
    if (preparations.has(call.callId)) continue;
    const preparation: Preparation = { ready: undefined, state: 'ringing' };
    preparations.set(call.callId, preparation);
    void prepare(signalling, call, preparation);
  }
}

async function prepare(signalling: CallSignalling, call: RingingCall, preparation: Preparation): Promise<void> {
  try {
    await whenWarm(signalling);
    const rtpCapabilities = findDecodable();
    if (preparation.state === 'over' || rtpCapabilities === undefined) return;
    const made = await prepareLink({ signalling, ...call, rtpCapabilities });
    if (preparation.state === 'ringing') preparation.ready = made;
    else made.close();
  } catch {
    // Only the head start is lost. The attempt stays noted, so that what is refused is not asked for again and again.
  }
}

function discard(callId: CallId, preparation: Preparation): void {
  preparation.state = 'over';
  preparation.ready?.close();
  preparation.ready = undefined;
  if (preparations.get(callId) === preparation) preparations.delete(callId);
}

/** The link of this call for who joins it now; undefined when it is not ready, which costs nothing but time. */
export function takePrepared(callId: CallId): PreparedLink | undefined {
  const preparation = preparations.get(callId);
  if (preparation === undefined) return undefined;
  const { ready } = preparation;
  preparation.ready = undefined;
  preparation.state = 'over';
  return ready;
}
