import type { ComponentChildren } from 'preact';
import { BellRing, Inbox, MessagesSquare } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { joinClasses } from '../ui/join-classes.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { countRunning } from './desk-state.ts';
import { LiveHelp } from './live-help.tsx';
import { toPath } from './place.ts';
import type { Place } from './place.ts';
import { SettingsButton } from './settings-button.tsx';
import { StatusMenu } from './status-menu.tsx';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './side-nav.module.css';

export interface SideNavProps {
  place: Place;
  onOpenHelp: () => void;
}

/** Own state and the places of the workspace. On a phone it is the head of the list. */
export function SideNav({ place, onOpenHelp }: SideNavProps) {
  const { desk } = useWorkbench();
  const state = desk.state.value;
  const isReady = state.phase === 'ready';
  return (
    <header class={styles.side}>
      <div class={styles.me}>
        {isReady ? <StatusMenu agent={state.agent} /> : <Skeleton height="52px" radius="var(--radius)" />}
        <div class={styles.phoneSettings}>
          <SettingsButton onOpenHelp={onOpenHelp} isCompact />
        </div>
      </div>
      {isReady ? <LiveHelp desk={state} /> : <Skeleton height="58px" radius="var(--radius)" />}
      <nav class={styles.nav} aria-label={say('navigation')}>
        <NavLink
          to={{ at: 'overview' }}
          isHere={place.at === 'overview' || place.at === 'conversation'}
          icon={<MessagesSquare size={18} />}
          label={say('overview')}
          count={isReady ? countRunning(state) : 0}
        />
        <NavLink
          to={{ at: 'queue' }}
          isHere={place.at === 'queue'}
          icon={<BellRing size={18} />}
          label={say('queue')}
          count={isReady ? state.queue.length : 0}
          isUrgent
        />
        <NavLink
          to={{ at: 'messages-left' }}
          isHere={place.at === 'messages-left'}
          icon={<Inbox size={18} />}
          label={say('messagesLeft')}
          count={isReady ? state.openLeftMessages : 0}
        />
      </nav>
      <div class={styles.foot}>
        <SettingsButton onOpenHelp={onOpenHelp} />
      </div>
    </header>
  );
}

function NavLink(props: {
  to: Place;
  isHere: boolean;
  icon: ComponentChildren;
  label: string;
  count: number;
  isUrgent?: boolean;
}) {
  const { to, isHere, icon, label, count, isUrgent } = props;
  return (
    <Link
      href={toPath(to)}
      class={joinClasses(styles.link, isHere && styles.here)}
      aria-current={isHere ? 'page' : undefined}
      title={label}
    >
      {icon}
      <span class={styles.label}>{label}</span>
      {count > 0 ? <span class={joinClasses(styles.count, isUrgent && styles.urgent)}>{count}</span> : null}
    </Link>
  );
}
