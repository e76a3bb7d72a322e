import { useEffect, useId, useState } from 'preact/hooks';
import { MessageSquareText, Phone, Video } from 'lucide-preact';
import type { OfferView } from '../../protocol/routing.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { toDepartmentName } from '../ui/department-name.ts';
import { formatDuration } from '../ui/format-time.ts';
import { toModalityWords } from './modality-words.ts';
import { say } from './texts.ts';
import { toPagePath } from './visitor-words.ts';
import { useWorkbench } from './workbench.ts';
import styles from './offer-card.module.css';

type Answer = 'accept' | 'decline' | 'queue';

export interface OfferCardProps {
  offer: OfferView;
  now: number;
}

/** "Incoming chat request": who, from which page, how, since when, and three answers. */
export function OfferCard({ offer, now }: OfferCardProps) {
  const { actions } = useWorkbench();
  const [answering, setAnswering] = useState<Answer | null>(null);
  const id = useId();
  const { visitor, modality, department, queuedAt } = offer.request;
  // Two clocks are never quite the same: nobody reads 31 seconds of 30.
  const leftMs = Math.min(Math.max(0, offer.expiresAt - now), offer.expiresAt - offer.offeredAt);

  useEffect(() => setAnswering(null), [offer.offerId]);
  const answer = (chosen: Answer, work: () => Promise<void>) => (): void => {
    if (answering) return;
    setAnswering(chosen);
    // The card goes with the answer; it stays only when there was none, and then it may be answered again.
    void work().finally(() => setAnswering(null));
  };

  return (
    <dialog open class={styles.card} aria-label={say('incomingRequest')} aria-describedby={id} data-offer>
      <div class={styles.bar} aria-hidden="true">
        <div class={styles.left} style={{ transform: `scaleX(${toShareLeft(offer, leftMs)})` }} />
      </div>
      <div class={styles.body}>
        <div class={styles.head}>
          <Chip tone="accent">{say('incomingRequest')}</Chip>
          <span class={styles.seconds} title={say('timeToAnswer')}>
            {say('secondsLeft', { count: Math.ceil(leftMs / 1_000) })}
          </span>
        </div>
        <div id={id}>
          <div class={styles.who}>
            <Avatar name={visitor.name} />
            <div class={styles.words}>
              <div class={styles.nameLine}>
                <span class={styles.name}>{visitor.name}</span>
                <span class={styles.waiting}>
                  {say('waitingFor', { time: formatDuration(Math.max(0, now - queuedAt)) })}
                </span>
              </div>
              <div class={styles.soft}>
                <ModalityIcon modality={modality} />
                {toModalityWords(modality)} · {toDepartmentName(department)}
              </div>
            </div>
          </div>
          {visitor.page ? (
            <p class={styles.page} title={visitor.page.url}>
              {say('onPage', { page: toPagePath(visitor.page.url) })}
              {visitor.page.title ? <span class={styles.pageTitle}> · {visitor.page.title}</span> : null}
            </p>
          ) : null}
        </div>
        <div class={styles.actions}>
          <Button
            variant="primary"
            class={styles.accept}
            isBusy={answering === 'accept'}
            onClick={answer('accept', () => actions.acceptOffer(offer.offerId))}
          >
            {say('accept')}
          </Button>
          <Button isBusy={answering === 'queue'} onClick={answer('queue', () => actions.queueOffer(offer.offerId))}>
            {say('putInQueue')}
          </Button>
          <Button
            variant="danger"
            isBusy={answering === 'decline'}
            onClick={answer('decline', () => actions.declineOffer(offer.offerId))}
          >
            {say('decline')}
          </Button>
        </div>
      </div>
    </dialog>
  );
}

function ModalityIcon({ modality }: { modality: OfferView['request']['modality'] }) {
  const Icon = modality === 'video' ? Video : modality === 'voice' ? Phone : MessageSquareText;
  return <Icon size={14} class={styles.icon ?? ''} aria-hidden="true" />;
}

function toShareLeft(offer: OfferView, leftMs: number): number {
  const wholeMs = offer.expiresAt - offer.offeredAt;
  return wholeMs > 0 ? Math.min(1, leftMs / wholeMs) : 0;
}
