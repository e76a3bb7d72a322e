import { X } from 'lucide-preact';
import type { CallSession } from '../../../media/browser/call-session.ts';
import type { DeviceNotice, LocalTrack } from '../../../media/browser/local-track.ts';
import type { MediaFault } from '../../../media/browser/media-errors.ts';
import { Banner } from '../banner.tsx';
import { Button } from '../button.tsx';
import { sayUi } from '../ui-texts.ts';
import { toQualityHint, type QualityHint } from './call-status.ts';
import { sayCall } from './call-texts.ts';
import { MediaFaultCard } from './media-fault-card.tsx';

/** What the person should know about their devices and the connection; nothing while all is well. */
export function CallNotices({ session, name }: { session: CallSession; name: string }) {
  const hint = toQualityHint(session.quality.value, session.localVideo.value !== null);
  const isLive = session.state.value.phase === 'connected';
  return (
    <>
      <DeviceNotices session={session} />
      {hint !== null && isLive ? <Banner>{toHintWords(hint, name)}</Banner> : null}
    </>
  );
}

/** What there is to say about microphone and camera, before the call and in it. */
export function DeviceNotices({ session }: { session: CallSession }) {
  const { localMedia } = session;
  const notice = localMedia.notice.value;
  return (
    <>
      <DeviceFaults session={session} />
      {session.isMicrophoneDead.value ? <Banner>{sayCall('microphoneDead')}</Banner> : null}
      {localMedia.microphone.isInterrupted.value ? <Banner>{sayCall('microphoneInterrupted')}</Banner> : null}
      {localMedia.camera.isInterrupted.value ? <Banner>{sayCall('cameraInterrupted')}</Banner> : null}
      {notice === null ? null : (
        <Banner
          tone="info"
          actions={
            <Button
              variant="ghost"
              size="small"
              label={sayUi('dismiss')}
              icon={<X size={16} />}
              onClick={() => localMedia.dismissNotice()}
            />
          }
        >
          {toNoticeWords(notice)}
        </Banner>
      )}
    </>
  );
}

function DeviceFaults({ session }: { session: CallSession }) {
  const { microphone, camera } = session.localMedia;
  const voice = findFault(microphone);
  const picture = findFault(camera);
  const retry = (...tracks: LocalTrack[]) => {
    for (const { source } of tracks) session.retryDevice(source);
  };
  if (voice !== null && voice.code === picture?.code) {
    return <MediaFaultCard fault={voice} isBoth onTryAgain={() => retry(microphone, camera)} />;
  }
  return (
    <>
      {voice === null ? null : <MediaFaultCard fault={voice} onTryAgain={() => retry(microphone)} />}
      {picture === null ? null : <MediaFaultCard fault={picture} onTryAgain={() => retry(camera)} />}
    </>
  );
}

function findFault({ state }: LocalTrack): MediaFault | null {
  return state.value.phase === 'failed' ? state.value.fault : null;
}

function toNoticeWords({ kind, source, label }: DeviceNotice): string {
  if (kind === 'device-replaced') return sayCall(`${source}Replaced`, { label });
  return sayCall(`${source}Returned`, { label });
}

function toHintWords(hint: NonNullable<QualityHint>, name: string): string {
  switch (hint) {
    case 'weak-sending':
      return sayCall('weakSending', { name });
    case 'weak-sending-voice':
      return sayCall('weakSendingVoice', { name });
    case 'weak-receiving':
      return sayCall('weakReceiving', { name });
    case 'weak-both':
      return sayCall('weakBoth');
  }
}
