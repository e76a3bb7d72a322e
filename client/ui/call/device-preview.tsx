import { Check, Mic, MicOff, Video, VideoOff } from 'lucide-preact';
import type { CallSession } from '../../../media/browser/call-session.ts';
import { Button } from '../button.tsx';
import { joinClasses } from '../join-classes.ts';
import { DeviceNotices } from './call-notices.tsx';
import { toPreviewStatus, type PreviewStatus } from './call-status.ts';
import { sayCall } from './call-texts.ts';
import { DeviceMenu } from './device-menu.tsx';
import styles from './device-preview.module.css';
import { LevelMeter } from './level-meter.tsx';
import { SelfView } from './self-view.tsx';

/**
 * Before the call: how one looks and whether one is heard, with the choice of devices (M4). What is chosen here holds
 * in the call, since it is the same session; until somebody has accepted, nothing of it leaves this browser.
 */
export function DevicePreview({ session }: { session: CallSession }) {
  const { microphone, camera, devices } = session.localMedia;
  const status = toPreviewStatus(session.state.value, microphone.state.value.phase, camera.state.value.phase);
  const picture = session.localVideo.value;
  const isVideoCall = session.call.value?.modality === 'video';
  const hasStage = picture !== null || (isVideoCall && camera.state.value.phase !== 'failed');

  return (
    <section class={styles.preview} aria-label={sayCall('preview')} data-preview={status}>
      <div class={styles.stage} data-picture={hasStage}>
        {picture === null ? null : <SelfView stream={picture} isLarge />}
        {hasStage && picture === null && status !== 'asking' ? (
          <p class={styles.off}>
            <VideoOff size={20} aria-hidden />
            {sayCall('previewOff')}
          </p>
        ) : null}
        <p class={styles.status} role="status" data-status={status}>
          {status === 'ready' ? <Check size={14} aria-hidden /> : null}
          {toStatusWords(status, session)}
        </p>
        <div class={styles.bar}>
          <LevelMeter track={microphone.state.value.phase === 'on' ? microphone.state.value.track : null} />
          <PreviewControls session={session} isVideoCall={isVideoCall} />
          <DeviceMenu devices={devices} class={styles.control} />
        </div>
      </div>
      <DeviceNotices session={session} />
      {status === 'later' ? null : (
        <p class={styles.note}>{sayCall(picture === null ? 'previewPrivateVoice' : 'previewPrivate')}</p>
      )}
    </section>
  );
}

function PreviewControls({ session, isVideoCall }: { session: CallSession; isVideoCall: boolean }) {
  const isMuted = session.isMuted.value;
  const isCameraOn = session.isCameraOn.value;
  return (
    <>
      <Button
        isRound
        class={joinClasses(styles.control, isMuted && styles.isOff)}
        label={sayCall(isMuted ? 'unmute' : 'mute')}
        icon={isMuted ? <MicOff size={18} /> : <Mic size={18} />}
        onClick={() => session.setMuted(!isMuted)}
      />
      <Button
        isRound
        class={joinClasses(styles.control, isVideoCall && !isCameraOn && styles.isOff)}
        label={sayCall(isCameraOn ? 'cameraOff' : 'cameraOn')}
        icon={isCameraOn ? <Video size={18} /> : <VideoOff size={18} />}
        onClick={() => session.setCameraOn(!isCameraOn)}
      />
    </>
  );
}

function toStatusWords(status: PreviewStatus, session: CallSession): string {
  switch (status) {
    case 'asking': {
      const { microphone, camera } = session.localMedia;
      if (microphone.state.value.phase !== 'starting') return sayCall('allowCamera');
      return sayCall(camera.state.value.phase === 'starting' ? 'allowBoth' : 'allowMicrophone');
    }
    case 'preparing':
      return sayCall('previewPreparing');
    case 'ready':
      return sayCall('previewReady');
    case 'later':
      return '';
  }
}
