import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { onTrusted } from '../../ui/share/trusted-click.ts';
import styles from './share-card.module.css';
import { sayVisitorShare as say } from './visitor-share-texts.ts';

export interface AskCardProps {
  title: string;
  detail: ComponentChildren;
  onAllow(): void;
  onDecline(): void;
}

/** The agent would like one thing more; a small question, answered by the visitor's own click (B7). */
export function AskCard({ title, detail, onAllow, onDecline }: AskCardProps) {
  const id = useId();
  return (
    <section class={styles.card} role="alertdialog" aria-labelledby={`${id}-title`} aria-describedby={`${id}-detail`}>
      <h3 class={styles.title} id={`${id}-title`}>
        {title}
      </h3>
      <p class={styles.hint} id={`${id}-detail`}>
        {detail}
      </p>
      <div class={styles.actions}>
        <Button onClick={onDecline}>{say('notNow')}</Button>
        <Button variant="primary" class={styles.main ?? ''} onClick={onTrusted(onAllow)}>
          {say('allow')}
        </Button>
      </div>
    </section>
  );
}
