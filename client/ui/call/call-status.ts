import type { CallView } from '../../../protocol/media.ts';
import type { CallSession } from '../../../media/browser/call-session.ts';
import type { CallState } from '../../../media/browser/call-state.ts';
import type { LocalTrackState } from '../../../media/browser/local-track.ts';
import type { CallQuality } from '../../../media/browser/quality.ts';
import type { RemoteSeat } from '../../../media/browser/remote-seats.ts';

/** What the call is doing right now, as one thing that can be said in one sentence. */
export type CallStatus =
  | 'allow-microphone'
  | 'allow-camera'
  | 'allow-both'
  | 'connecting'
  | 'waiting-for-other'
  | 'reconnecting'
  | 'other-away'
  | 'on-hold'
  | 'connected'
  | 'failed'
  | 'ended';

export interface StatusFacts {
  state: CallState;
  callPhase: CallView['phase'] | null;
  other: Pick<RemoteSeat, 'state'> | undefined;
  microphone: LocalTrackState['phase'];
  camera: LocalTrackState['phase'];
}

export function toCallStatus({ state, callPhase, other, microphone, camera }: StatusFacts): CallStatus {
  if (state.phase === 'ended' || state.phase === 'failed') return state.phase;
  if (state.phase === 'reconnecting') return 'reconnecting';
  // An open question of the browser comes before all else: nothing goes on until it is answered.
  if (microphone === 'starting' && camera === 'starting') return 'allow-both';
  if (microphone === 'starting') return 'allow-microphone';
  if (camera === 'starting') return 'allow-camera';
  if (state.phase !== 'connected') return 'connecting';
  if (callPhase === 'held') return 'on-hold';
  if (other?.state === 'away') return 'other-away';
  return other?.state === 'in' ? 'connected' : 'waiting-for-other';
}

/** How far one is with getting ready while waiting; `later` means that it is tried again once somebody accepts. */
export type PreviewStatus = 'asking' | 'preparing' | 'ready' | 'later';

export function toPreviewStatus(
  state: CallState,
  microphone: LocalTrackState['phase'],
  camera: LocalTrackState['phase'],
): PreviewStatus {
  if (microphone === 'starting' || camera === 'starting') return 'asking';
  if (state.phase === 'failed' || state.phase === 'ended') return 'later';
  // Nobody is ready without a voice; the reason stands in a card of its own.
  if (microphone === 'failed') return 'later';
  return state.phase === 'connected' ? 'ready' : 'preparing';
}

/** Which hint about the connection is worth reading; none while all is well. */
export type QualityHint = 'weak-sending' | 'weak-sending-voice' | 'weak-receiving' | 'weak-both' | null;

export function toQualityHint({ sending, receiving }: CallQuality, isCameraOn: boolean): QualityHint {
  if (sending !== 'good' && receiving !== 'good') return 'weak-both';
  if (sending !== 'good') return isCameraOn ? 'weak-sending' : 'weak-sending-voice';
  return receiving === 'good' ? null : 'weak-receiving';
}

/** Reads the facts of a running session; a component that calls it renders again when one of them changes. */
export function readStatusFacts(session: CallSession): StatusFacts {
  return {
    state: session.state.value,
    callPhase: session.call.value?.phase ?? null,
    other: session.remoteSeats.value[0],
    microphone: session.localMedia.microphone.state.value.phase,
    camera: session.localMedia.camera.state.value.phase,
  };
}
