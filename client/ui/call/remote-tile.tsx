import { useEffect, useRef, useState } from 'preact/hooks';
import { MicOff, Volume2 } from 'lucide-preact';
import type { RemoteSeat } from '../../../media/browser/remote-seats.ts';
import { Avatar } from '../avatar.tsx';
import { Button } from '../button.tsx';
import { sayCall } from './call-texts.ts';
import styles from './call-panel.module.css';

export interface RemoteTileProps {
  seat: RemoteSeat;
  /** The speaker to play on; null is the system's own. */
  speakerId: string | null;
  /** Whether this call has pictures, so that a camera that is off is worth saying. */
  isVideoCall: boolean;
}

/** The other side: picture or initials, voice, and what state they are in. */
export function RemoteTile({ seat, speakerId, isVideoCall }: RemoteTileProps) {
  return (
    <div class={styles.remote} data-away={seat.state === 'away'}>
      {seat.video === null ? (
        <span class={styles.face}>
          <Avatar name={seat.name} size="large" />
        </span>
      ) : (
        <RemoteVideo stream={seat.video} name={seat.name} />
      )}
      {seat.audio === null ? null : <RemoteAudio stream={seat.audio} name={seat.name} speakerId={speakerId} />}
      <ul class={styles.marks}>
        {seat.state === 'in' && seat.isMuted ? (
          <li>
            <MicOff size={14} aria-hidden />
            {sayCall('otherMuted', { name: seat.name })}
          </li>
        ) : null}
        {seat.state === 'in' && isVideoCall && !seat.isCameraOn ? <li>{sayCall('otherCameraOff')}</li> : null}
      </ul>
    </div>
  );
}

function RemoteVideo({ stream, name }: { stream: MediaStream; name: string }) {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current;
    if (video === null) return;
    video.srcObject = stream;
    const play = () => void video.play().catch(() => {});
    play();
    // Safari pauses pictures of a hidden page and leaves them so.
    const home = video.ownerDocument;
    home.addEventListener('visibilitychange', play);
    return () => {
      home.removeEventListener('visibilitychange', play);
      video.srcObject = null;
    };
  }, [stream]);
  return (
    <video
      ref={ref}
      class={styles.picture}
      autoplay
      playsInline
      muted
      data-foyer-remote="video"
      aria-label={sayCall('videoOf', { name })}
    />
  );
}

// NOTE: an element and not an AudioContext: only what an element plays is known to the browser's echo cancelling.
// It stays in the document that this code runs in, whichever window shows the tile: a window of its own may play
// nothing before the first click in it.
function RemoteAudio({ stream, name, speakerId }: { stream: MediaStream; name: string; speakerId: string | null }) {
  const ref = useRef<HTMLAudioElement | null>(null);
  const [isRefused, setRefused] = useState(false);

  const play = () => {
    ref.current?.play().then(
      () => setRefused(false),
      (error: unknown) => {
        // An element that was given a new stream meanwhile aborts, which is no refusal.
        if (error instanceof DOMException && error.name === 'NotAllowedError') setRefused(true);
      },
    );
  };

  useEffect(() => {
    const audio = document.createElement('audio');
    audio.autoplay = true;
    audio.dataset['foyerRemote'] = 'audio';
    audio.srcObject = stream;
    document.body.append(audio);
    ref.current = audio;
    play();
    return () => {
      audio.srcObject = null;
      audio.remove();
      ref.current = null;
    };
  }, [stream]);

  useEffect(() => {
    const audio = ref.current;
    if (audio === null || !('setSinkId' in audio)) return;
    // A speaker that is gone: the sound stays where it is, which is the system's own.
    void audio.setSinkId(speakerId ?? '').catch(() => {});
  }, [stream, speakerId]);

  return isRefused ? (
    <span class={styles.tap}>
      <Button variant="primary" icon={<Volume2 size={18} />} onClick={play}>
        {sayCall('tapToHear', { name })}
      </Button>
    </span>
  ) : null;
}
