import { X } from 'lucide-preact';
import type { CallSession } from '../../../media/browser/call-session.ts';
import type { DeviceNotice, LocalTrack } from '../../../media/browser/local-track.ts';
import { Banner } from '../banner.tsx';
import { Button } from '../button.tsx';
import { sayUi } from '../ui-texts.ts';
import { toQualityHint, type QualityHint } from './call-status.ts';
import { sayCall } from './call-texts.ts';
import { MediaFaultCard } from './media-fault-card.tsx';

/** What the person should know about their devices and the connection; nothing while all is well. */
export function CallNotices({ session, name }: { session: CallSession; name: string }) {
  const { localMedia } = session;
  const notice = localMedia.notice.value;
  const hint = toQualityHint(session.quality.value, session.localVideo.value !== null);
  const isLive = session.state.value.phase === 'connected';
  return (
    <>
      <DeviceFault track={localMedia.microphone} session={session} />
      <DeviceFault track={localMedia.camera} session={session} />
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
      {hint !== null && isLive ? <Banner>{toHintWords(hint, name)}</Banner> : null}
    </>
  );
}

function DeviceFault({ track, session }: { track: LocalTrack; session: CallSession }) {
  const state = track.state.value;
  if (state.phase !== 'failed') return null;
  return <MediaFaultCard fault={state.fault} onTryAgain={() => session.retryDevice(track.source)} />;
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
