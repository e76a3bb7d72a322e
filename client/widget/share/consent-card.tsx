import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Eye, MonitorUp, ShieldCheck } from 'lucide-preact';
import type { ShareGrantName, ShareKind } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { joinNames } from '../../ui/share/share-texts.ts';
import { onTrusted } from '../../ui/share/trusted-click.ts';
import styles from './share-card.module.css';
import { sayGrant } from './share-words.ts';
import { sayVisitorShare as say } from './visitor-share-texts.ts';

export interface ConsentCardProps {
  kind: ShareKind;
  /** Who will see it. */
  name: string;
  /** The visitor began; otherwise the other side asks. */
  isOffer: boolean;
  mayChooseScope: boolean;
  mayRecord: boolean;
  /** Given together with "Allow". */
  grants: readonly ShareGrantName[];
  /** False where the browser has no way to do it. */
  isPossible: boolean;
  isBusy: boolean;
  onAllow(wish: { isPart: boolean; mayBeRecorded: boolean }): void;
  onDecline(): void;
}

/** The question before anything is shown. Until "Allow" nothing has been loaded, recorded or sent (B1). */
export function ConsentCard(props: ConsentCardProps) {
  const { kind, name, isOffer, mayChooseScope, mayRecord, grants, isPossible, isBusy, onAllow, onDecline } = props;
  const id = useId();
  const cardRef = useRef<HTMLElement>(null);
  const [isPart, setIsPart] = useState(false);
  const [mayBeRecorded, setMayBeRecorded] = useState(false);
  const isPage = kind === 'co-browse';
  const asked = isPage ? say('askTitle', { name }) : say('askScreenTitle', { name });
  const offered = isPage ? say('offerTitle', { name }) : say('offerScreenTitle', { name });

  useEffect(() => {
    // Who has opened it goes on in it; who is asked may be writing and keeps the keyboard.
    if (isOffer) cardRef.current?.focus();
  }, []);

  return (
    <section
      class={styles.card}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-facts`}
      tabIndex={-1}
      ref={cardRef}
    >
      <h3 class={styles.title} id={`${id}-title`}>
        {isOffer ? offered : asked}
      </h3>
      <ul class={styles.facts} id={`${id}-facts`}>
        <li>
          {isPage ? <Eye size={16} /> : <MonitorUp size={16} />}
          <span>
            {isPage ? say('willBeSeen', { name }) : say(isPossible ? 'screenSeen' : 'screenImpossible')}
            {isPage && grants.length > 0 ? ` ${say('mayAlso', { name, grants: joinNames(grants.map(sayGrant)) })}` : ''}
          </span>
        </li>
        {isPage ? (
          <li>
            <ShieldCheck size={16} />
            <span>{say('neverSeen')}</span>
          </li>
        ) : null}
      </ul>
      {isPage && mayChooseScope ? (
        <fieldset class={styles.choice}>
          <legend class={styles.unseen}>{say('howMuch')}</legend>
          {[false, true].map((isThisPart) => (
            <label key={String(isThisPart)} class={styles.option} data-chosen={isPart === isThisPart}>
              <input
                type="radio"
                name={`${id}-scope`}
                checked={isPart === isThisPart}
                onChange={() => setIsPart(isThisPart)}
              />
              {say(isThisPart ? 'onlyPart' : 'wholePage')}
            </label>
          ))}
          {isPart ? <p class={styles.hint}>{say('partNext')}</p> : null}
        </fieldset>
      ) : null}
      {mayRecord ? (
        <Checkbox
          label={say('mayBeRecorded')}
          detail={say('mayBeRecordedDetail')}
          isChecked={mayBeRecorded}
          onChange={setMayBeRecorded}
        />
      ) : null}
      <div class={styles.actions}>
        <Button size="large" disabled={isBusy} onClick={onDecline}>
          {say('notNow')}
        </Button>
        {isPossible ? (
          <Button
            variant="primary"
            size="large"
            class={styles.main ?? ''}
            isBusy={isBusy}
            onClick={onTrusted(() => onAllow({ isPart, mayBeRecorded }))}
          >
            {say('allow')}
          </Button>
        ) : null}
      </div>
    </section>
  );
}
