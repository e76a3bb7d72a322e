import { Mic, MicOff, PhoneOff, Video, VideoOff } from 'lucide-preact';
import type { CallSession } from '../../../media/browser/call-session.ts';
import { Button } from '../button.tsx';
import { joinClasses } from '../join-classes.ts';
import { sayCall } from './call-texts.ts';
import { DeviceMenu } from './device-menu.tsx';
import styles from './call-panel.module.css';

const ROUND = { isRound: true, size: 'large' } as const;

/** The round buttons under a call. What they are named is what they do next. */
export function CallControls({ session }: { session: CallSession }) {
  const isMuted = session.isMuted.value;
  const isCameraOn = session.isCameraOn.value;
  return (
    <div class={styles.controls}>
      <Button
        {...ROUND}
        class={joinClasses(styles.control, isMuted && styles.off)}
        label={sayCall(isMuted ? 'unmute' : 'mute')}
        aria-keyshortcuts="Control+D Meta+D"
        icon={isMuted ? <MicOff size={20} /> : <Mic size={20} />}
        onClick={() => session.setMuted(!isMuted)}
      />
      <Button
        {...ROUND}
        class={joinClasses(styles.control, !isCameraOn && styles.off)}
        label={sayCall(isCameraOn ? 'cameraOff' : 'cameraOn')}
        aria-keyshortcuts="Control+E Meta+E"
        icon={isCameraOn ? <Video size={20} /> : <VideoOff size={20} />}
        onClick={() => session.setCameraOn(!isCameraOn)}
      />
      <DeviceMenu devices={session.localMedia.devices} />
      <Button
        {...ROUND}
        class={styles.hangUp ?? ''}
        label={sayCall('hangUp')}
        icon={<PhoneOff size={20} />}
        onClick={() => session.hangUp()}
      />
    </div>
  );
}
