import { useState } from 'preact/hooks';
import { Phone, Video } from 'lucide-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import { Button } from '../ui/button.tsx';
import { ShareButtons } from './share-buttons.tsx';
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
      <ShareButtons conversation={conversation} />
    </div>
  );
}
