import { Check, ShieldCheck } from 'lucide-preact';
import type { ShareGrantName, ShareView } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { formatTime } from '../../ui/format-time.ts';
import { language } from '../../ui/language.ts';
import { Popover } from '../../ui/popover.tsx';
import { useWorkbench } from '../workbench.ts';
import { sayShare } from './share-texts.ts';
import { sayGrant } from './share-words.ts';
import styles from './grants-menu.module.css';

const ALL: readonly ShareGrantName[] = ['point', 'draw', 'scroll', 'click-and-type', 'navigate'];

/** Each permission with its state; what is not given can be asked for. */
export function GrantsMenu({ share, name }: { share: ShareView; name: string }) {
  return (
    <Popover
      label={sayShare('permissions')}
      side="above"
      trigger={({ buttonRef, ...trigger }) => (
        <Button size="small" icon={<ShieldCheck size={15} />} buttonRef={buttonRef} {...trigger}>
          {sayShare('permissions')}
        </Button>
      )}
    >
      {() => (
        <div class={styles.menu}>
          <p class={styles.hint}>{sayShare('permissionsHint', { name })}</p>
          <ul class={styles.list}>
            {ALL.map((grant) => (
              <GrantRow key={grant} share={share} grant={grant} />
            ))}
          </ul>
        </div>
      )}
    </Popover>
  );
}

function GrantRow({ share, grant }: { share: ShareView; grant: ShareGrantName }) {
  const { actions } = useWorkbench();
  const given = share.grants.find((each) => each.grant === grant);
  return (
    <li class={styles.row}>
      <span class={styles.name}>{sayGrant(grant)}</span>
      {given ? (
        <span class={styles.given}>
          <Check size={14} aria-hidden="true" />
          {given.expiresAt === null
            ? sayShare('given')
            : sayShare('givenUntil', { time: formatTime(given.expiresAt, language.value) })}
        </span>
      ) : share.askedGrant === grant ? (
        <span class={styles.asked}>{sayShare('askedGrant')}</span>
      ) : (
        <Button
          size="small"
          aria-label={`${sayShare('ask')}: ${sayGrant(grant)}`}
          onClick={() => void actions.requestGrant(share.shareId, grant)}
        >
          {sayShare('ask')}
        </Button>
      )}
    </li>
  );
}
