import { Check, ShieldCheck } from 'lucide-preact';
import type { ShareGrantName, ShareView } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { formatTime } from '../../ui/format-time.ts';
import { language } from '../../ui/language.ts';
import { Popover } from '../../ui/popover.tsx';
import type { Desk } from '../desk.ts';
import { useWorkbench } from '../workbench.ts';
import { sayShare } from './share-texts.ts';
import { sayAskFor, sayGrant } from './share-words.ts';
import styles from './grants-menu.module.css';

export interface GrantsMenuProps {
  share: ShareView;
  name: string;
  /** What the site lets an agent ask for. */
  offeredGrants: readonly ShareGrantName[];
}

/** Each permission with its state; what is not given can be asked for. */
export function GrantsMenu({ share, name, offeredGrants }: GrantsMenuProps) {
  const listed = ORDER.filter(
    (grant) => offeredGrants.includes(grant) || share.grants.some((given) => given.grant === grant),
  );
  if (listed.length === 0) return null;
  return (
    <Popover
      label={sayShare('permissions')}
      side="above"
      trigger={(trigger) => (
        <Button size="small" icon={<ShieldCheck size={15} />} title={sayShare('permissions')} {...trigger}>
          <span class={styles.trigger}>{sayShare('permissions')}</span>
        </Button>
      )}
    >
      {() => (
        <div class={styles.menu}>
          <p class={styles.hint}>{sayShare('permissionsHint', { name })}</p>
          <ul class={styles.list}>
            {listed.map((grant) => (
              <GrantRow key={grant} share={share} grant={grant} />
            ))}
          </ul>
        </div>
      )}
    </Popover>
  );
}

/** A time of the server as the agent's own clock shows it, which may be minutes off. */
function toOwnClock(serverTime: number, desk: Pick<Desk, 'serverNow'>): number {
  return serverTime - desk.serverNow() + Date.now();
}

/** From harmless to far-reaching. */
const ORDER: readonly ShareGrantName[] = ['point', 'draw', 'scroll', 'click-and-type', 'navigate'];

function GrantRow({ share, grant }: { share: ShareView; grant: ShareGrantName }) {
  const { actions, desk } = useWorkbench();
  const given = share.grants.find((each) => each.grant === grant);
  const isAsked = share.askedGrant === grant;
  const ask = (): void => {
    if (share.askedGrant === null && share.phase !== 'paused') void actions.requestGrant(share.shareId, grant);
  };
  return (
    <li class={styles.row}>
      <span class={styles.name}>{sayGrant(grant)}</span>
      {given ? (
        <span class={styles.given}>
          <Check size={14} aria-hidden="true" />
          {given.expiresAt === null
            ? sayShare('given')
            : sayShare('givenUntil', { time: formatTime(toOwnClock(given.expiresAt, desk), language.value) })}
        </span>
      ) : (
        // One button for both, so that asking does not take the focus away.
        <Button
          size="small"
          {...(isAsked ? {} : { 'aria-label': sayAskFor(grant) })}
          aria-disabled={isAsked || share.askedGrant !== null || share.phase === 'paused'}
          onClick={ask}
        >
          {sayShare(isAsked ? 'askedGrant' : 'ask')}
        </Button>
      )}
    </li>
  );
}
