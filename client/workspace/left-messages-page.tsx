import { useCallback, useEffect, useState } from 'preact/hooks';
import { Check, Inbox, Mail } from 'lucide-preact';
import type { LeftMessageView } from '../../protocol/conversations.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatMoment } from '../ui/format-time.ts';
import { language } from '../ui/language.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { PageHead } from './page-head.tsx';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './request-rows.module.css';

/** Messages that visitors left while nobody was there. */
export function LeftMessagesPage() {
  const { desk, connection } = useWorkbench();
  const state = desk.state.value;
  const openCount = state.phase === 'ready' ? state.openLeftMessages : 0;
  const isOnline = connection.state.value === 'online';
  const { leftMessages, reload } = useLeftMessages(isOnline, openCount);
  return (
    <section class={styles.page} aria-label={say('leftTitle')} aria-busy={leftMessages === 'loading'}>
      <PageHead title={say('leftTitle')} lead={say('leftLead')} />
      <LeftMessages leftMessages={leftMessages} onReload={reload} />
    </section>
  );
}

type Loaded = 'loading' | 'failed' | readonly LeftMessageView[];

/** Read again whenever their number changes, by whoever, and after each reconnection. */
function useLeftMessages(isOnline: boolean, openCount: number): { leftMessages: Loaded; reload: () => void } {
  const { actions } = useWorkbench();
  const [leftMessages, setLeftMessages] = useState<Loaded>('loading');
  const reload = useCallback(() => {
    let isStale = false;
    const load = async (): Promise<void> => {
      const list = await actions.listLeftMessages();
      if (!isStale) setLeftMessages((known) => list ?? (Array.isArray(known) ? known : 'failed'));
    };
    void load();
    return () => {
      isStale = true;
    };
  }, [actions]);
  useEffect(() => (isOnline ? reload() : undefined), [isOnline, openCount, reload]);
  return { leftMessages, reload };
}

function LeftMessages({ leftMessages, onReload }: { leftMessages: Loaded; onReload: () => void }) {
  if (leftMessages === 'loading') {
    return (
      <div class={styles.rows}>
        <Skeleton width="100%" height="128px" radius="var(--radius)" />
        <Skeleton width="100%" height="128px" radius="var(--radius)" />
      </div>
    );
  }
  if (leftMessages === 'failed') {
    return <EmptyState title={say('failOther')} actions={<Button onClick={onReload}>{say('tryAgain')}</Button>} />;
  }
  if (leftMessages.length === 0) {
    return (
      <EmptyState icon={<Inbox size={24} />} title={say('leftEmptyTitle')}>
        {say('leftEmpty')}
      </EmptyState>
    );
  }
  return (
    <ul class={styles.rows}>
      {leftMessages.map((leftMessage) => (
        <LeftMessageRow key={leftMessage.leftMessageId} leftMessage={leftMessage} onDone={onReload} />
      ))}
    </ul>
  );
}

function LeftMessageRow({ leftMessage, onDone }: { leftMessage: LeftMessageView; onDone: () => void }) {
  const { actions } = useWorkbench();
  const [isResolving, setResolving] = useState(false);
  const { name, email, siteName, leftAt, text } = leftMessage;
  const subject = encodeURIComponent(say('replySubject', { site: siteName }));
  const resolve = async (): Promise<void> => {
    setResolving(true);
    const isDone = await actions.resolveLeftMessage(leftMessage.leftMessageId);
    setResolving(false);
    if (isDone) onDone();
  };
  return (
    <li class={styles.row}>
      <Avatar name={name} />
      <div class={styles.words}>
        <p class={styles.name}>{name}</p>
        <p class={styles.soft}>
          {email} · {say('leftAt', { site: siteName, time: formatMoment(leftAt, Date.now(), language.value) })}
        </p>
        <p class={styles.text}>{text}</p>
        <div class={styles.actions}>
          <a class={styles.replyLink} href={`mailto:${encodeURIComponent(email)}?subject=${subject}`}>
            <Mail size={17} />
            {say('reply')}
          </a>
          <Button
            icon={<Check size={17} />}
            aria-label={say('markDoneFrom', { name })}
            isBusy={isResolving}
            onClick={() => void resolve()}
          >
            {say('markDone')}
          </Button>
        </div>
      </div>
    </li>
  );
}
