import { ChevronsUpDown } from 'lucide-preact';
import type { AgentStatus, AgentView } from '../../protocol/accounts.ts';
import { Avatar } from '../ui/avatar.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Menu } from '../ui/menu.tsx';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './status-menu.module.css';

const STATUSES: readonly AgentStatus[] = ['online', 'away', 'busy', 'offline'];

/** Who one is and how others see one; the status is chosen here. */
export function StatusMenu({ agent }: { agent: AgentView }) {
  const { actions } = useWorkbench();
  const seenAs = agent.isAutoAway && agent.status === 'online' ? 'away' : agent.status;
  const words = agent.isAutoAway && agent.status === 'online' ? say('statusAutoAway') : toStatusWord(agent.status);
  return (
    <Menu
      label={say('status')}
      items={STATUSES.map((status) => ({
        key: status,
        label: toStatusWord(status),
        icon: <StatusChoice status={status} />,
        isChosen: agent.status === status,
        onChoose: () => void actions.setStatus(status),
      }))}
      trigger={({ buttonRef, ...trigger }) => (
        <button type="button" ref={buttonRef} class={styles.me} title={`${agent.name} · ${words}`} {...trigger}>
          <span class={styles.spoken}>{say('status')}: </span>
          <span aria-hidden="true">
            <Avatar name={agent.name} presence={seenAs} />
          </span>
          <span class={styles.words}>
            <span class={styles.name}>{agent.name}</span> <span class={styles.status}>{words}</span>
          </span>
          <ChevronsUpDown size={16} class={styles.chevron ?? ''} />
        </button>
      )}
    />
  );
}

function StatusChoice({ status }: { status: AgentStatus }) {
  return <span class={joinClasses(styles.dot, styles[status])} aria-hidden="true" />;
}

function toStatusWord(status: AgentStatus): string {
  switch (status) {
    case 'online':
      return say('statusOnline');
    case 'away':
      return say('statusAway');
    case 'busy':
      return say('statusBusy');
    case 'offline':
      return say('statusOffline');
  }
}
