import { useState } from 'preact/hooks';
import { AppWindow, MonitorUp, Phone, Video } from 'lucide-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { ShareKind } from '../../protocol/sharing.ts';
import { Button } from '../ui/button.tsx';
import { sayRequest } from './share-request-texts.ts';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './conversation-tools.module.css';

/** What an agent can add to the conversation. */
export function ConversationTools({ conversation }: { conversation: AgentConversationView }) {
  const { actions, calls } = useWorkbench();
  const [proposing, setProposing] = useState<'voice' | 'video' | null>(null);
  const isCallNear = calls.stageOf(conversation).stage !== 'none';
  const propose = (modality: 'voice' | 'video'): void => {
    if (isCallNear || proposing) return;
    setProposing(modality);
    void actions.proposeCall(conversation.conversationId, modality).finally(() => setProposing(null));
  };
  return (
    <div class={styles.tools} role="toolbar" aria-label={say('tools')}>
      <Button
        size="small"
        icon={<Phone size={15} />}
        isBusy={proposing === 'voice'}
        disabled={isCallNear}
        onPointerEnter={calls.prepare}
        onClick={() => propose('voice')}
      >
        {say('voiceCall')}
      </Button>
      <Button
        size="small"
        icon={<Video size={15} />}
        isBusy={proposing === 'video'}
        disabled={isCallNear}
        onPointerEnter={calls.prepare}
        onClick={() => propose('video')}
      >
        {say('videoCall')}
      </Button>
      <ShareButton conversation={conversation} kind="co-browse" />
      <ShareButton conversation={conversation} kind="screen" />
    </div>
  );
}

/** Asks the visitor to show the page or the screen; one question of a kind at a time. */
function ShareButton({ conversation, kind }: { conversation: AgentConversationView; kind: ShareKind }) {
  const { actions } = useWorkbench();
  const [isAsking, setAsking] = useState(false);
  const ask = (): void => {
    setAsking(true);
    void actions.requestShare(conversation.conversationId, kind).finally(() => setAsking(false));
  };
  return (
    <Button
      size="small"
      icon={kind === 'screen' ? <MonitorUp size={15} /> : <AppWindow size={15} />}
      isBusy={isAsking}
      disabled={conversation.shares.some((share) => share.kind === kind)}
      onClick={ask}
    >
      {sayRequest(kind === 'screen' ? 'requestScreen' : 'requestCoBrowse')}
    </Button>
  );
}
