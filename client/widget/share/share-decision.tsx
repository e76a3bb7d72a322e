import type { ShareView } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { onTrusted } from '../../ui/share/trusted-click.ts';
import type { OpenShare } from './open-share.ts';
import styles from './share-decision.module.css';
import { sayVisitorShare as say } from './visitor-share-texts.ts';

/** How a page that is paused goes on: always by a click of the visitor's own. */
export function PageDecision({ view, share }: { view: ShareView; share: OpenShare['share'] }) {
  if (view.pausedBecause === 'unreadable-rules') return null;
  const gone = share.gonePart.value;
  const choices: [label: string, choose: () => void][] = [];
  if (gone !== null) {
    choices.push([say('hidePart'), () => share.pick('hide')]);
    choices.push([say('goOnWithout'), () => (share.showAgain(gone), share.resume())]);
  } else if (view.pausedBecause === 'part-gone' && view.scope?.kind === 'part') {
    choices.push([say('onlyPartPick'), () => share.pick('only')]);
    choices.push([say('wholePage'), () => (share.showWholePage(), share.resume())]);
  } else {
    choices.push([say('resume'), share.resume]);
  }
  return (
    <div class={styles.decision}>
      {gone === null ? null : <p class={styles.gone}>{say('hiddenGone', { label: gone.label })}</p>}
      <div class={styles.choices}>
        {choices.map(([label, choose]) => (
          <Button key={label} size="small" onClick={onTrusted(choose)}>
            {label}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** The same for a screen of the visitor's own. */
export function ScreenDecision({ resume }: { resume(): void }) {
  return (
    <div class={styles.choices}>
      <Button size="small" onClick={onTrusted(resume)}>
        {say('resume')}
      </Button>
    </div>
  );
}
