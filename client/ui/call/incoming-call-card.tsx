import { useId } from 'preact/hooks';
import { Phone, Video } from 'lucide-preact';
import type { CallView } from '../../../protocol/media.ts';
import { Avatar } from '../avatar.tsx';
import { Button } from '../button.tsx';
import { sayCallCard } from './call-card-texts.ts';
import styles from './call-card.module.css';

export interface IncomingCallCardProps {
  /** Who calls. */
  name: string;
  modality: CallView['modality'];
  /** The answer is on its way. */
  isBusy?: boolean;
  onAccept(options: { isCameraOn: boolean }): void;
  onDecline(): void;
}

/** Somebody calls. Nothing of this side starts before its own click. */
export function IncomingCallCard({ name, modality, isBusy = false, onAccept, onDecline }: IncomingCallCardProps) {
  const titleId = useId();
  const hintId = useId();
  const isVideo = modality === 'video';
  return (
    <section class={styles.card} role="alertdialog" aria-labelledby={titleId} aria-describedby={hintId}>
      <div class={styles.who}>
        <Avatar name={name} />
        <div class={styles.words}>
          <h3 class={styles.title} id={titleId}>
            {sayCallCard(isVideo ? 'videoCallFrom' : 'voiceCallFrom', { name })}
          </h3>
          <p class={styles.hint} id={hintId}>
            {sayCallCard(isVideo ? 'videoHint' : 'voiceHint')}
          </p>
        </div>
      </div>
      <div class={styles.actions}>
        <Button variant="danger" size="large" disabled={isBusy} onClick={onDecline}>
          {sayCallCard('decline')}
        </Button>
        <Button
          variant="primary"
          size="large"
          class={styles.main ?? ''}
          icon={isVideo ? <Video size={18} /> : <Phone size={18} />}
          isBusy={isBusy}
          onClick={() => onAccept({ isCameraOn: isVideo })}
        >
          {sayCallCard('accept')}
        </Button>
        {isVideo ? (
          <Button
            variant="ghost"
            class={styles.wide ?? ''}
            disabled={isBusy}
            onClick={() => onAccept({ isCameraOn: false })}
          >
            {sayCallCard('acceptWithoutCamera')}
          </Button>
        ) : null}
      </div>
    </section>
  );
}
