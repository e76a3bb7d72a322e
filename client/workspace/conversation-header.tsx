import { useState } from 'preact/hooks';
import { ArrowLeft, Info, Square } from 'lucide-preact';
import { useLocation } from 'wouter-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { formatDuration } from '../ui/format-time.ts';
import { language } from '../ui/language.ts';
import { say } from './texts.ts';
import { useServerNow } from './use-server-now.ts';
import { toLanguageName, toPagePath } from './visitor-words.ts';
import { useWorkbench } from './workbench.ts';
import styles from './conversation-header.module.css';

export interface ConversationHeaderProps {
  conversation: AgentConversationView;
  areDetailsOpen: boolean;
  onToggleDetails: () => void;
}

/** Who this is, where they are, and the way to end. */
export function ConversationHeader({ conversation, areDetailsOpen, onToggleDetails }: ConversationHeaderProps) {
  const [, setPath] = useLocation();
  const { visitor, phase } = conversation;
  const isEnded = phase === 'ended';
  return (
    <header class={styles.header}>
      <Button
        variant="ghost"
        class={styles.back}
        label={say('backToList')}
        icon={<ArrowLeft size={20} />}
        onClick={() => setPath('/')}
      />
      <Avatar name={visitor.name} {...(isEnded ? {} : { presence: visitor.isConnected ? 'online' : 'offline' })} />
      <div class={styles.words}>
        <h2 class={styles.name}>{visitor.name}</h2>
        <p class={styles.facts}>
          {visitor.page ? <span>{toPagePath(visitor.page.url)}</span> : null}
          {isEnded ? null : <TimeOnSite sinceAt={visitor.visitStartedAt} />}
          <span>{toLanguageName(visitor.language, language.value)}</span>
        </p>
      </div>
      <Button
        variant="ghost"
        class={styles.details}
        label={say('details')}
        icon={<Info size={20} />}
        aria-expanded={areDetailsOpen}
        onClick={onToggleDetails}
      />
      {isEnded ? null : <EndCommunication conversation={conversation} />}
    </header>
  );
}

function TimeOnSite({ sinceAt }: { sinceAt: number }) {
  const now = useServerNow();
  return <span>{say('onSite', { time: formatDuration(Math.max(0, now - sinceAt)) })}</span>;
}

/** Ends text and calls for both at once; it stands apart from the other tools, and the visitor may ask again. */
function EndCommunication({ conversation }: { conversation: AgentConversationView }) {
  const { actions } = useWorkbench();
  const [isEnding, setEnding] = useState(false);
  const end = (): void => {
    setEnding(true);
    void actions.endConversation(conversation.conversationId).finally(() => setEnding(false));
  };
  return (
    <Button
      variant="danger"
      class={styles.end}
      icon={<Square size={16} />}
      title={say('endCommunication')}
      aria-label={say('endCommunication')}
      isBusy={isEnding}
      onClick={end}
    >
      <span class={styles.endWords}>{say('endCommunication')}</span>
    </Button>
  );
}
