import { Circle } from 'lucide-preact';
import type { ShareView } from '../../../protocol/sharing.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { useServerNow } from '../use-server-now.ts';
import { sayShare } from './share-texts.ts';
import styles from './share-tabs.module.css';

/** Whether it is live and for how long, and whether it is kept. */
export function ShareState({ share: { phase, liveAt, isRecorded } }: { share: ShareView }) {
  const now = useServerNow();
  return (
    <span class={styles.state}>
      {isRecorded ? (
        <Chip tone="bad">
          <Circle size={9} fill="currentcolor" aria-hidden="true" />
          {sayShare('recorded')}
        </Chip>
      ) : null}
      {phase === 'paused' ? (
        <Chip>{sayShare('paused')}</Chip>
      ) : liveAt === null ? null : (
        <Chip tone="warn">{sayShare('liveFor', { time: formatDuration(now - liveAt) })}</Chip>
      )}
    </span>
  );
}
