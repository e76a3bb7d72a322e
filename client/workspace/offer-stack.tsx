import { toDepartmentName } from '../ui/department-name.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { toModalityWords } from './modality-words.ts';
import { OfferCard } from './offer-card.tsx';
import { SoundNote } from './sound-note.tsx';
import { say } from './texts.ts';
import { useServerNow } from './use-server-now.ts';
import { useWorkbench } from './workbench.ts';
import styles from './offer-stack.module.css';

/**
 * Requests that ring here. They stand over the list, never over the composer, and take no focus: who is writing keeps
 * writing. They are read out when they come and reached by Alt+R.
 */
export function OfferStack({ isConversationShown }: { isConversationShown: boolean }) {
  const { desk } = useWorkbench();
  const now = useServerNow();
  const state = desk.state.value;
  const offers = state.phase === 'ready' ? state.offers : [];
  const newest = offers.at(-1);
  return (
    <div class={joinClasses(styles.stack, isConversationShown && styles.besideConversation)}>
      <div class={styles.spoken} role="alert">
        {newest
          ? say('requestFrom', {
              name: newest.request.visitor.name,
              modality: toModalityWords(newest.request.modality),
              department: toDepartmentName(newest.request.department),
            })
          : null}
      </div>
      <SoundNote />
      {offers.map((offer) => (
        <OfferCard key={offer.offerId} offer={offer} now={now} />
      ))}
    </div>
  );
}
