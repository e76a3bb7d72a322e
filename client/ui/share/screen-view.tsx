import { useEffect, useRef, useState } from 'preact/hooks';
import { Expand, Maximize, Minimize2, Volume2, VolumeX } from 'lucide-preact';
import type { ScreenSession } from '../../../media/browser/screen-session.ts';
import { Button } from '../button.tsx';
import { sayScreen as say } from './screen-texts.ts';
import styles from './screen-view.module.css';

export interface ScreenViewProps {
  session: ScreenSession;
  /** Whose screen it is. */
  name: string;
  /** Tries again, in this page rather than in another tab. */
  onRetry(): void;
}

/** The screen of the other side: as large as there is room, or pixel by pixel. */
export function ScreenView({ session, name, onRetry }: ScreenViewProps) {
  const stage = useRef<HTMLElement>(null);
  const [isFitted, setFitted] = useState(true);
  const [isSilent, setSilent] = useState(false);
  const stream = session.received.value;
  const state = session.state.value;
  const isAway = state.phase === 'ended' || state.phase === 'failed';
  const hasSound = (stream?.getAudioTracks().length ?? 0) > 0;
  return (
    <section class={styles.stage} aria-label={say('screenOf', { name })} ref={stage} data-fitted={isFitted}>
      {stream === null || isAway ? (
        <Cover session={session} name={name} onRetry={onRetry} />
      ) : (
        <div class={styles.scroller} tabIndex={isFitted ? -1 : 0}>
          <Picture stream={stream} name={name} isSilent={isSilent} onRefused={() => setSilent(true)} />
        </div>
      )}
      {stream === null || isAway ? null : (
        <div class={styles.tools}>
          <Button
            size="small"
            variant="ghost"
            icon={isFitted ? <Expand size={15} /> : <Minimize2 size={15} />}
            onClick={() => setFitted(!isFitted)}
          >
            {say(isFitted ? 'actualSize' : 'fit')}
          </Button>
          {hasSound ? (
            <Button
              size="small"
              variant="ghost"
              icon={isSilent ? <VolumeX size={15} /> : <Volume2 size={15} />}
              onClick={() => setSilent(!isSilent)}
            >
              {say(isSilent ? 'soundOn' : 'soundOff')}
            </Button>
          ) : null}
          <Button
            size="small"
            variant="ghost"
            icon={<Maximize size={15} />}
            onClick={() => toggleFullScreen(stage.current)}
          >
            {say('fullScreen')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** What stands in place of the picture while there is none to see. */
function Cover({ session, name, onRetry }: ScreenViewProps) {
  const state = session.state.value;
  if (state.phase !== 'ended' && state.phase !== 'failed') {
    return (
      <p class={styles.cover} role="status">
        {say('onItsWay', { name })}
      </p>
    );
  }
  const isElsewhere = state.phase === 'ended' || state.code === 'call-in-other-tab';
  return (
    <div class={styles.cover} role="status">
      <p>{say(isElsewhere ? 'elsewhere' : 'notHere')}</p>
      <Button size="small" onClick={onRetry}>
        {say(isElsewhere ? 'showHere' : 'tryAgain')}
      </Button>
    </div>
  );
}

interface PictureProps {
  stream: MediaStream;
  name: string;
  isSilent: boolean;
  /** The browser plays no sound without a click. */
  onRefused(): void;
}

function Picture({ stream, name, isSilent, onRefused }: PictureProps) {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current;
    if (video === null) return;
    video.srcObject = stream;
    const play = () => {
      video.play().catch((error: unknown) => {
        if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || video.muted) return;
        video.muted = true;
        onRefused();
        video.play().catch(() => undefined);
      });
    };
    play();
    // Safari pauses pictures of a hidden page and leaves them so.
    const home = video.ownerDocument;
    home.addEventListener('visibilitychange', play);
    return () => {
      home.removeEventListener('visibilitychange', play);
      video.srcObject = null;
    };
  }, [stream]);
  return <video ref={ref} class={styles.picture} playsInline muted={isSilent} aria-label={say('screenOf', { name })} />;
}

function toggleFullScreen(stage: HTMLElement | null): void {
  const home = stage?.ownerDocument;
  const done = home?.fullscreenElement ? home.exitFullscreen() : stage?.requestFullscreen();
  // A browser that does not allow it leaves everything as it is.
  done?.catch(() => undefined);
}
