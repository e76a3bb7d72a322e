import { PhoneOff } from 'lucide-preact';
import { Avatar } from '../avatar.tsx';
import { Button } from '../button.tsx';
import { sayCallCard } from './call-card-texts.ts';
import styles from './call-card.module.css';

export interface OutgoingCallCardProps {
  /** Who is called. */
  name: string;
  onCancel(): void;
}

/** It rings at the other side. */
export function OutgoingCallCard({ name, onCancel }: OutgoingCallCardProps) {
  return (
    <section class={styles.card} role="status">
      <div class={styles.who}>
        <span class={styles.pulse}>
          <Avatar name={name} />
        </span>
        <div class={styles.words}>
          <h3 class={styles.title}>{sayCallCard('calling', { name })}</h3>
          <p class={styles.hint}>{sayCallCard('ringing')}</p>
        </div>
        <Button icon={<PhoneOff size={18} />} onClick={onCancel}>
          {sayCallCard('cancel')}
        </Button>
      </div>
    </section>
  );
}
