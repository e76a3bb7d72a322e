import { toInitials } from './initials.ts';
import { joinClasses } from './join-classes.ts';
import { sayUi } from './ui-texts.ts';
import styles from './avatar.module.css';

export type Presence = 'online' | 'away' | 'busy' | 'offline';

export interface AvatarProps {
  name: string;
  presence?: Presence;
  size?: 'small' | 'medium' | 'large';
  /** Cut out from what lies behind, for faces that overlap. */
  isRinged?: boolean;
}

/** A person's initials and, on wish, a dot for their presence. The name itself is expected to stand beside it. */
export function Avatar({ name, presence, size = 'medium', isRinged }: AvatarProps) {
  return (
    <span class={joinClasses(styles.avatar, size !== 'medium' && styles[size], isRinged && styles.ringed)}>
      <span aria-hidden="true">{toInitials(name)}</span>
      {presence === undefined ? null : (
        <span
          class={joinClasses(styles.dot, presence !== 'offline' && styles[presence])}
          role="img"
          aria-label={sayUi(presence)}
        />
      )}
    </span>
  );
}
