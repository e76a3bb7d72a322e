import { useEffect, useRef } from 'preact/hooks';
import { VIEWER_PORT_MESSAGE } from '../../../cobrowse/viewer/viewer-messages.ts';
import styles from './viewer-frame.module.css';

export interface ViewerFrameProps {
  viewerUrl: string;
  title: string;
  onPort(port: MessagePort): void;
}

/**
 * The page that shows the visitor's page, in a frame that can run its own script and nothing else. It is spoken to
 * through one port alone, handed over to its exact origin.
 */
export function ViewerFrame({ viewerUrl, title, onPort }: ViewerFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const src = new URL(viewerUrl, location.href);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const handOver = (): void => {
      const { port1, port2 } = new MessageChannel();
      onPort(port1);
      element.contentWindow?.postMessage(VIEWER_PORT_MESSAGE, src.origin, [port2]);
    };
    element.addEventListener('load', handOver);
    // Only now: a frame that was already there would have loaded before anybody listened.
    element.src = src.href;
    return () => element.removeEventListener('load', handOver);
  }, [src.href, onPort]);
  return (
    <iframe
      ref={frame}
      class={styles.frame}
      title={title}
      sandbox="allow-scripts allow-same-origin"
      referrerpolicy="no-referrer"
    />
  );
}
