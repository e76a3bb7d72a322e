import { useId } from 'preact/hooks';
import { Camera, MicOff } from 'lucide-preact';
import { toBrowserKind } from '../../../media/browser/browser-name.ts';
import type { MediaFault } from '../../../media/browser/media-errors.ts';
import { Button } from '../button.tsx';
import { sayMediaFault } from './media-fault-texts.ts';
import { canTryAgain, toMediaFaultKey } from './media-fault-words.ts';
import styles from './call-panel.module.css';

export interface MediaFaultCardProps {
  fault: MediaFault;
  /** The other device failed for the same reason, so one card speaks of both. */
  isBoth?: boolean;
  onTryAgain(): void;
}

/** Says why a microphone or camera did not start, what to do in this browser, and how the call goes on meanwhile. */
export function MediaFaultCard({ fault, isBoth = false, onTryAgain }: MediaFaultCardProps) {
  const titleId = useId();
  const { source, code } = fault;
  const isMicrophone = source === 'microphone';
  const words = sayMediaFault(toMediaFaultKey(code, toBrowserKind(navigator.userAgent)), {
    device: sayMediaFault(isBoth ? 'both' : source),
  });
  return (
    <section class={styles.fault} role="alert" aria-labelledby={titleId}>
      {isMicrophone ? <MicOff size={18} aria-hidden /> : <Camera size={18} aria-hidden />}
      <div class={styles.faultWords}>
        <h3 class={styles.faultTitle} id={titleId}>
          {sayMediaFault(isBoth ? 'bothTitle' : isMicrophone ? 'microphoneTitle' : 'cameraTitle')}
        </h3>
        <p>{words}</p>
        <p class={styles.soft}>{sayMediaFault(isMicrophone ? 'microphoneMeanwhile' : 'cameraMeanwhile')}</p>
        {canTryAgain(code) ? (
          <Button size="small" onClick={onTryAgain}>
            {sayMediaFault('tryAgain')}
          </Button>
        ) : null}
      </div>
    </section>
  );
}
