import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import type { ConversationClient } from '../connection/conversation-client.ts';
import { Composer } from '../ui/conversation/composer.tsx';
import { MessageLog } from '../ui/conversation/message-log.tsx';
import { formatTime } from '../ui/format-time.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { language } from '../ui/language.ts';
import { CallStagePanel } from './call-stage-panel.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { ConversationTools } from './conversation-tools.tsx';
import { isSharing, ShareStagePanel } from './share-stage-panel.tsx';
import { say } from './texts.ts';
import { VisitorPanel } from './visitor-panel.tsx';
import { useWorkbench } from './workbench.ts';
import styles from './conversation-page.module.css';

export interface ConversationPageProps {
  conversationId: ConversationId;
  /** Kept on the page while hidden when its call runs here. */
  isShown: boolean;
}

/** One conversation with everything about it: the call above, the log, the composer, the visitor beside. */
export function ConversationPage({ conversationId, isShown }: ConversationPageProps) {
  const { desk, clients } = useWorkbench();
  const state = desk.state.value;
  const conversation = state.phase === 'ready' ? state.conversations.get(conversationId) : undefined;
  const client = clients.open.value.get(conversationId);
  if (!conversation || !client) return null;
  return <OpenConversation conversation={conversation} client={client} isShown={isShown} />;
}

interface OpenConversationProps {
  conversation: AgentConversationView;
  client: ConversationClient;
  isShown: boolean;
}

function OpenConversation({ conversation, client, isShown }: OpenConversationProps) {
  const { storage } = useWorkbench();
  const areDetailsOpen = useSignal(false);
  const composer = useRef<HTMLTextAreaElement>(null);
  const { visitor, phase, conversationId } = conversation;
  const isEnded = phase === 'ended';
  const isStageShown = isSharing(conversation);

  useEffect(() => {
    // A finger would get its keyboard over half of the screen, and the reader has not asked for it.
    if (isShown && !isEnded && matchMedia('(pointer: fine)').matches) composer.current?.focus();
  }, [isShown, conversationId]);

  return (
    <article
      class={joinClasses(styles.page, areDetailsOpen.value && styles.withDetails)}
      aria-label={visitor.name}
      hidden={!isShown}
      data-sharing={isStageShown || undefined}
      {...(isShown ? { 'data-shown-conversation': '' } : {})}
    >
      <div class={styles.talk}>
        <ConversationHeader
          conversation={conversation}
          areDetailsOpen={areDetailsOpen.value}
          onToggleDetails={() => (areDetailsOpen.value = !areDetailsOpen.value)}
        />
        <div class={styles.tabs} role="tablist" aria-label={visitor.name}>
          <button
            type="button"
            role="tab"
            class={styles.tab}
            aria-selected="true"
            id={`tab-${conversationId}`}
            aria-controls={`live-${conversationId}`}
          >
            {say('liveCommunication')}
          </button>
        </div>
        <div
          class={styles.live}
          role="tabpanel"
          id={`live-${conversationId}`}
          aria-labelledby={`tab-${conversationId}`}
        >
          {isEnded ? null : <ConversationTools conversation={conversation} />}
          <div class={styles.split}>
            {isEnded ? null : <ShareStagePanel conversation={conversation} isShown={isShown} />}
            <div class={styles.beside}>
              <div class={styles.call}>
                <CallStagePanel conversation={conversation} />
              </div>
              <div class={styles.words}>
                <MessageLog conversation={client} otherName={visitor.name} class={styles.log ?? ''} />
                {isEnded ? (
                  <p class={styles.ended}>
                    {say('endedAt', { time: formatTime(conversation.endedAt ?? 0, language.value) })}
                  </p>
                ) : (
                  <>
                    {visitor.isConnected ? null : (
                      <p class={styles.away} role="status">
                        {say('visitorIsAway', { name: visitor.name })}
                      </p>
                    )}
                    <Composer conversation={client} storage={storage} inputRef={composer} hasSendWord />
                  </>
                )}
              </div>
            </div>
          </div>
        </div>
      </div>
      <VisitorPanel
        conversation={conversation}
        isOpen={areDetailsOpen.value}
        onClose={() => (areDetailsOpen.value = false)}
      />
    </article>
  );
}
