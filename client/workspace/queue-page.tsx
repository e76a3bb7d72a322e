import { useState } from 'preact/hooks';
import { BellRing } from 'lucide-preact';
import type { QueuedRequestView } from '../../protocol/routing.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { toDepartmentName } from '../ui/department-name.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatDuration } from '../ui/format-time.ts';
import { toModalityWords } from './modality-words.ts';
import { PageHead } from './page-head.tsx';
import { say } from './texts.ts';
import { useServerNow } from './use-server-now.ts';
import { toPagePath } from './visitor-words.ts';
import { toWaitTone } from './waiting.ts';
import { useWorkbench } from './workbench.ts';
import styles from './request-rows.module.css';

/** "Communication Queue": requests nobody has taken, those put aside by this agent among them. */
export function QueuePage() {
  const { desk } = useWorkbench();
  const state = desk.state.value;
  if (state.phase === 'loading') return <div aria-busy="true" />;
  return (
    <section class={styles.page} aria-label={say('queueTitle')}>
      <PageHead title={say('queueTitle')} lead={say('queueLead')} />
      {state.queue.length === 0 ? (
        <EmptyState icon={<BellRing size={24} />} title={say('queueEmptyTitle')}>
          {say('queueEmpty')}
        </EmptyState>
      ) : (
        <ul class={styles.rows}>
          {state.queue.map((request) => (
            <RequestRow key={request.conversationId} request={request} />
          ))}
        </ul>
      )}
    </section>
  );
}

function RequestRow({ request }: { request: QueuedRequestView }) {
  const { actions } = useWorkbench();
  const [isTaking, setTaking] = useState(false);
  const now = useServerNow();
  const { visitor, modality, department, queuedAt, isRinging, isPutAside } = request;
  const waitedMs = Math.max(0, now - queuedAt);
  return (
    <li class={styles.row}>
      <Avatar name={visitor.name} presence={visitor.isConnected ? 'online' : 'offline'} />
      <div class={styles.words}>
        <p class={styles.name}>{visitor.name}</p>
        <p class={styles.soft}>
          {toModalityWords(modality)} · {toDepartmentName(department)}
          {visitor.page ? ` · ${toPagePath(visitor.page.url)}` : null}
        </p>
        <p class={styles.chips}>
          <Chip tone={toWaitTone(waitedMs)}>{say('waitsFor', { time: formatDuration(waitedMs) })}</Chip>
          {isRinging ? <Chip tone="accent">{say('ringing')}</Chip> : null}
          {isPutAside ? <Chip>{say('putAside')}</Chip> : null}
        </p>
      </div>
      <Button
        variant="primary"
        aria-label={say('takeFrom', { name: visitor.name })}
        isBusy={isTaking}
        onClick={() => {
          setTaking(true);
          void actions.takeRequest(request.conversationId).finally(() => setTaking(false));
        }}
      >
        {say('take')}
      </Button>
    </li>
  );
}
