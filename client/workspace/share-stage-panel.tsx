import { useEffect, useState } from 'preact/hooks';
import { AppWindow, MonitorUp } from 'lucide-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import { Button } from '../ui/button.tsx';
import { formatDuration } from '../ui/format-time.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { listOpenShares } from './desk-conversation.ts';
import { loadShare } from './share/load-share.ts';
import { ShareEndNote } from './share-end-note.tsx';
import { sayRequest } from './share-request-texts.ts';
import { useServerNow } from './use-server-now.ts';
import { useWorkbench } from './workbench.ts';
import styles from './share-stage-panel.module.css';

type ShareModule = Awaited<ReturnType<typeof loadShare>>;

/** A question waits this long for the visitor: the server's `askMs`. */
const ANSWER_MS = 60_000;

/** Whatever of a share belongs above the log: it is asked for, it is here, or it has just ended. */
export function ShareStagePanel({ conversation, isShown }: { conversation: AgentConversationView; isShown: boolean }) {
  const { visitor } = conversation;
  const asked = listOpenShares(conversation).filter(({ phase }) => phase === 'asked');
  return (
    <>
      <ShareEndNote conversation={conversation} />
      {asked.map((share) => (
        <AskedShare key={share.shareId} share={share} name={visitor.name} />
      ))}
      {isShown && isSharing(conversation) ? <OpenShares conversation={conversation} /> : null}
    </>
  );
}

/** Something is shown or about to be, so it needs the room. */
export function isSharing(conversation: AgentConversationView): boolean {
  return listOpenShares(conversation).some((share) => share.phase !== 'asked');
}

function AskedShare({ share, name }: { share: ShareView; name: string }) {
  const { actions } = useWorkbench();
  const [isEnding, setEnding] = useState(false);
  useEffect(() => void loadShare().catch(() => undefined), []);
  const cancel = (): void => {
    setEnding(true);
    void actions.endShare(share.shareId).finally(() => setEnding(false));
  };
  return (
    <div class={styles.asked}>
      {share.kind === 'screen' ? (
        <MonitorUp size={18} aria-hidden="true" />
      ) : (
        <AppWindow size={18} aria-hidden="true" />
      )}
      <p class={styles.words} role="status">
        {sayRequest(share.kind === 'screen' ? 'screenAsked' : 'coBrowseAsked', { name })}
      </p>
      <TimeToAnswer askedAt={share.askedAt} />
      <Button size="small" isBusy={isEnding} onClick={cancel}>
        {sayRequest('cancel')}
      </Button>
    </div>
  );
}

function TimeToAnswer({ askedAt }: { askedAt: number }) {
  const leftMs = Math.max(0, askedAt + ANSWER_MS - useServerNow());
  return (
    <span class={styles.time} role="timer" aria-live="off">
      {sayRequest('timeToAnswer', { time: formatDuration(leftMs) })}
    </span>
  );
}

function OpenShares({ conversation }: { conversation: AgentConversationView }) {
  const { desk } = useWorkbench();
  const [module, setModule] = useState<ShareModule | null>(null);
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    if (module !== null || isFailed) return;
    let isGone = false;
    loadShare().then(
      (loaded) => !isGone && setModule(loaded),
      () => !isGone && setFailed(true),
    );
    return () => {
      isGone = true;
    };
  }, [module, isFailed]);
  const state = desk.state.value;
  if (isFailed) {
    return (
      <div class={styles.failed} role="alert">
        <p>{sayRequest('openFailed')}</p>
        <Button size="small" onClick={() => setFailed(false)}>
          {sayRequest('tryAgain')}
        </Button>
      </div>
    );
  }
  if (module === null || state.phase !== 'ready') {
    return (
      <div class={styles.loading} aria-busy="true" aria-label={sayRequest('opening')}>
        <Skeleton width="100%" height="100%" radius="14px" />
      </div>
    );
  }
  return <module.ShareStages conversation={conversation} viewerUrl={state.viewerUrl} />;
}
