import { useEffect, useRef } from 'preact/hooks';
import { Eye, MonitorUp } from 'lucide-preact';
import { Button } from '../../ui/button.tsx';
import { hasLostFocus } from '../focus.ts';
import { sayInConversation } from '../conversation-screen-texts.ts';
import type { ShareDoor } from './share-door.ts';
import styles from './share-offers.module.css';

/** "Share this page" and "Share screen", quietly above the message field. */
export function ShareOffers({ door }: { door: ShareDoor }) {
  const canOffer = door.canOffer.value;
  const isAny = canOffer['co-browse'] || canOffer.screen;
  const rowRef = useRef<HTMLDivElement>(null);
  const wasAny = useRef(isAny);
  useEffect(() => {
    // "Not now" took the card away with the keyboard in it: it goes on where the card came from.
    const row = rowRef.current;
    if (isAny && !wasAny.current && row !== null && hasLostFocus(row)) row.querySelector('button')?.focus();
    wasAny.current = isAny;
  }, [isAny]);
  return (
    <div class={styles.offers} ref={rowRef} hidden={!isAny}>
      {canOffer['co-browse'] ? (
        <Button size="small" variant="ghost" icon={<Eye size={15} />} onClick={() => door.offerShare('co-browse')}>
          {sayInConversation('shareThisPage')}
        </Button>
      ) : null}
      {canOffer.screen ? (
        <Button size="small" variant="ghost" icon={<MonitorUp size={15} />} onClick={() => door.offerShare('screen')}>
          {sayInConversation('shareScreen')}
        </Button>
      ) : null}
    </div>
  );
}
