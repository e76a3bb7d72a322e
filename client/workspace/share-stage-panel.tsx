import { useEffect, useState } from 'preact/hooks';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { loadShare } from './share/load-share.ts';
import { sayRequest } from './share-request-texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './share-stage-panel.module.css';

type ShareModule = Awaited<ReturnType<typeof loadShare>>;

/** Whatever of a shared page belongs above the log: it is asked for, or it is here. */
export function ShareStagePanel({ conversation, isShown }: { conversation: AgentConversationView; isShown: boolean }) {
  const share = conversation.shares.find(({ kind }) => kind === 'co-browse');
  const screen = conversation.shares.find(({ kind, phase }) => kind === 'screen' && phase === 'asked');
  return (
    <>
      {share?.phase === 'asked' ? <AskedShare share={share} name={conversation.visitor.name} /> : null}
      {screen ? <AskedShare share={screen} name={conversation.visitor.name} /> : null}
      {share && share.phase !== 'asked' && isShown ? <OpenShare conversation={conversation} share={share} /> : null}
    </>
  );
}

function AskedShare({ share, name }: { share: ShareView; name: string }) {
  const { actions } = useWorkbench();
  return (
    <div class={styles.asked} role="status">
      <p>{sayRequest(share.kind === 'screen' ? 'screenAsked' : 'coBrowseAsked', { name })}</p>
      <Button size="small" onClick={() => void actions.endShare(share.shareId)}>
        {sayRequest('cancel')}
      </Button>
    </div>
  );
}

function OpenShare({ conversation, share }: { conversation: AgentConversationView; share: ShareView }) {
  const { desk } = useWorkbench();
  const [module, setModule] = useState<ShareModule | null>(null);
  useEffect(() => {
    let isGone = false;
    loadShare().then(
      (loaded) => !isGone && setModule(loaded),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, []);
  const state = desk.state.value;
  if (module === null || state.phase !== 'ready') return <Skeleton width="100%" height="240px" radius="14px" />;
  return <module.ShareStage conversation={conversation} share={share} viewerUrl={state.viewerUrl} />;
}
