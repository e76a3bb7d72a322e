import { useRef } from 'preact/hooks';
import { PhoneOff, RefreshCw, WifiOff } from 'lucide-preact';
import type { CallSession } from '../../../media/browser/call-session.ts';
import { Button } from '../button.tsx';
import { CallControls } from './call-controls.tsx';
import { CallNotices } from './call-notices.tsx';
import { readStatusFacts, toCallStatus, type CallStatus } from './call-status.ts';
import { sayCall } from './call-texts.ts';
import { DurationTimer } from '../duration-timer.tsx';
import { RemoteTile } from './remote-tile.tsx';
import { SelfView } from './self-view.tsx';
import { useCallKeys } from './use-call-keys.ts';
import styles from './call-panel.module.css';

export interface CallPanelProps {
  session: CallSession;
  /** The server's time; the timer counts by it, so that both sides read the same. */
  now?: () => number;
}

const systemNow = () => Date.now();

/** A running call: the other side, oneself, and what can be done. The same for visitor and agent. */
export function CallPanel({ session, now = systemNow }: CallPanelProps) {
  const panelRef = useRef<HTMLElement>(null);
  useCallKeys(session, panelRef);
  const seats = session.remoteSeats.value;
  const call = session.call.value;
  const name = seats.map((seat) => seat.name).join(', ') || sayCall('otherSide');
  const status = toCallStatus(readStatusFacts(session));
  const localVideo = session.localVideo.value;
  const isVideoCall = call?.modality === 'video' || localVideo !== null || seats.some((seat) => seat.video !== null);
  if (status === 'ended') return null;

  return (
    <section class={styles.panel} aria-label={sayCall('call', { name })} data-call-status={status} ref={panelRef}>
      <div class={styles.stage} data-video={isVideoCall}>
        {status === 'failed' ? (
          <FailedCall session={session} />
        ) : (
          <div class={styles.seats}>
            {seats.map((seat) => (
              <RemoteTile
                key={seat.seatId}
                seat={seat}
                speakerId={session.localMedia.devices.choice.value.speakerId}
                isVideoCall={isVideoCall}
              />
            ))}
          </div>
        )}
        {localVideo === null ? null : <SelfView stream={localVideo} />}
        {status === 'failed' ? null : (
          <p class={styles.who}>
            <span class={styles.name}>{name}</span>
            {call?.liveAt == null ? null : (
              <DurationTimer sinceAt={call.liveAt} now={now} label={sayCall('duration')} />
            )}
          </p>
        )}
        <p class={status === 'connected' || status === 'failed' ? styles.heard : styles.status} role="status">
          {toStatusWords(status, name)}
        </p>
      </div>
      <div class={styles.notices}>
        <CallNotices session={session} name={name} />
      </div>
      {status === 'failed' ? null : <CallControls session={session} />}
    </section>
  );
}

function toStatusWords(status: CallStatus, name: string): string {
  switch (status) {
    case 'allow-both':
      return sayCall('allowBoth');
    case 'allow-microphone':
      return sayCall('allowMicrophone');
    case 'allow-camera':
      return sayCall('allowCamera');
    case 'connecting':
      return sayCall('connecting');
    case 'waiting-for-other':
      return sayCall('waitingFor', { name });
    case 'reconnecting':
      return sayCall('reconnecting');
    case 'other-away':
      return sayCall('otherAway', { name });
    case 'on-hold':
      return sayCall('onHold');
    case 'connected':
      return sayCall('connected', { name });
    case 'failed':
      return '';
    case 'ended':
      return sayCall('ended');
  }
}

function FailedCall({ session }: { session: CallSession }) {
  const state = session.state.value;
  if (state.phase !== 'failed') return null;
  const isElsewhere = state.code === 'call-in-other-tab';
  const isMedia = state.code === 'media-unavailable' || state.code === 'timeout' || state.code === 'offline';
  return (
    <div class={styles.failed} role="alert">
      <WifiOff size={24} aria-hidden />
      <p>{sayCall(isElsewhere ? 'failedOtherTab' : isMedia ? 'failedMedia' : 'failedOther')}</p>
      <div class={styles.choices}>
        <Button
          variant="primary"
          icon={<RefreshCw size={18} />}
          onClick={() => session.retry(isElsewhere ? { takeOver: true } : {})}
        >
          {sayCall(isElsewhere ? 'continueHere' : 'tryAgain')}
        </Button>
        {isElsewhere ? null : (
          <Button icon={<PhoneOff size={18} />} onClick={() => session.hangUp()}>
            {sayCall('hangUp')}
          </Button>
        )}
      </div>
    </div>
  );
}
