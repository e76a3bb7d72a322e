import { useEffect, useRef } from 'preact/hooks';
import { sayCall } from './call-texts.ts';
import styles from './call-panel.module.css';

/** One's own picture, mirrored as in a looking-glass. */
export function SelfView({ stream, isLarge = false }: { stream: MediaStream; isLarge?: boolean }) {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current;
    if (video === null) return;
    video.srcObject = stream;
    void video.play().catch(() => {});
    return () => {
      video.srcObject = null;
    };
  }, [stream]);
  return (
    <video
      ref={ref}
      class={isLarge ? styles.previewPicture : styles.self}
      autoplay
      playsInline
      muted
      aria-label={sayCall('ownCamera')}
    />
  );
}
