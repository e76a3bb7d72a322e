import { useState } from 'preact/hooks';
import { Phone, Video } from 'lucide-preact';
import type { ConversationView } from '../../protocol/conversations.ts';
import { toRequestError } from '../connection/request-error.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Composer } from '../ui/conversation/composer.tsx';
import { MessageLog } from '../ui/conversation/message-log.tsx';
import { toDepartmentName } from '../ui/department-name.ts';
import { CallArea } from './call-area.tsx';
import styles from './conversation-screen.module.css';
import { OfflineBanner } from './offline-banner.tsx';
import { OpenInWindowButton, PanelHeader } from './panel-header.tsx';
import { PopOutNotices } from './pop-out/pop-out-notices.tsx';
import type { ShareDoor } from './share/share-door.ts';
import { ShareOffers } from './share/share-offers.tsx';
import { SharePlace } from './share/share-place.tsx';
import { sayInConversation } from './conversation-screen-texts.ts';
import { say } from './texts.ts';
import type { VisitorCall } from './visitor-call.ts';
import { WaitingCard } from './waiting-card.tsx';
import type { Widget } from './widget.ts';
import { sayEnd, sayFailure } from './words.ts';

/** Comes along with this part of the code: only in a conversation can a call be proposed. */
export { RingingPill } from './ringing-pill.tsx';

export interface ConversationScreenProps {
  widget: Widget;
  call: VisitorCall;
  door: ShareDoor;
  conversation: ConversationView;
}

/** Waiting, talking and looking back: one place, so that nothing jumps when the agent comes or goes. */
export function ConversationScreen({ widget, call, door, conversation }: ConversationScreenProps) {
  const [isEnding, setIsEnding] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { phase } = conversation;
  const client = widget.conversation.value;
  const agentName = conversation.agent?.name ?? say('support');
  const department = toDepartmentName(conversation.department);

  const attempt = async (wish: Promise<void>) => {
    setFailure(null);
    try {
      await wish;
    } catch (thrown) {
      setFailure(sayFailure(toRequestError(thrown).code));
    }
  };

  return (
    <>
      <PanelHeader
        widget={widget}
        title={phase === 'waiting' ? sayInConversation('waitingTitle') : agentName}
        detail={phase === 'held' ? `${department} · ${sayInConversation('onHold')}` : department}
        start={phase === 'waiting' ? undefined : <Avatar name={agentName} {...(phase === 'ended' ? {} : online)} />}
      >
        {phase === 'active' ? <CallButtons widget={widget} call={call} /> : null}
        {phase === 'active' || phase === 'held' ? (
          <Button
            variant="ghost"
            class={styles.end}
            isBusy={isEnding}
            onClick={() => {
              setIsEnding(true);
              void attempt(widget.endConversation(conversation.conversationId)).finally(() => setIsEnding(false));
            }}
          >
            {sayInConversation('endChat')}
          </Button>
        ) : null}
      </PanelHeader>
      {phase === 'ended' ? null : (
        <SharePlace widget={widget} door={door} conversation={conversation} name={agentName} />
      )}
      <PopOutNotices call={call} door={door} />
      <OfflineBanner widget={widget} keepsMessages={phase !== 'ended'} />
      {failure === null || phase === 'ended' ? null : <Banner tone="bad">{failure}</Banner>}
      {phase === 'held' ? <Banner tone="info">{sayInConversation('heldNotice', { name: agentName })}</Banner> : null}
      {phase === 'waiting' ? (
        <WaitingCard
          widget={widget}
          conversation={conversation}
          onLeaveQueue={() => attempt(widget.leaveQueue(conversation.conversationId))}
        />
      ) : null}
      {phase === 'ended' ? null : <CallArea call={call} otherName={agentName} now={widget.now} />}
      {client === null ? (
        <div class={styles.log} />
      ) : (
        <ConversationLog client={client} phase={phase} name={agentName} />
      )}
      {phase === 'ended' ? (
        <EndedNote conversation={conversation} onStartNew={() => widget.dispatch({ kind: 'went-home' })} />
      ) : client === null ? null : (
        <div data-focus-field>
          <div class={styles.extras}>
            <ShareOffers door={door} />
            <OpenInWindowButton widget={widget} />
          </div>
          <Composer conversation={client} isDisabled={phase === 'held'} />
        </div>
      )}
    </>
  );
}

const online = { presence: 'online' } as const;

function ConversationLog(props: {
  client: NonNullable<Widget['conversation']['value']>;
  phase: ConversationView['phase'];
  name: string;
}) {
  const { client, phase, name } = props;
  if (phase === 'waiting' && client.isLoaded.value && client.messages.value.length === 0) {
    return <p class={styles.hint}>{sayInConversation('writeMeanwhile')}</p>;
  }
  return <MessageLog conversation={client} otherName={name} class={styles.log ?? ''} />;
}

/** Voice and picture can be added at any time, as far as the site offers them (V3, C16). */
function CallButtons({ widget, call }: { widget: Widget; call: VisitorCall }) {
  const { session } = widget.state.value;
  if (session.phase !== 'known' || call.place.value.at !== 'none') return null;
  return (
    <>
      {session.site.modalities.includes('voice') ? (
        <Button
          variant="ghost"
          label={say('voiceCall')}
          icon={<Phone size={18} />}
          onClick={() => call.propose('voice')}
        />
      ) : null}
      {session.site.modalities.includes('video') ? (
        <Button
          variant="ghost"
          label={say('videoCall')}
          icon={<Video size={19} />}
          onClick={() => call.propose('video')}
        />
      ) : null}
    </>
  );
}

function EndedNote({ conversation, onStartNew }: { conversation: ConversationView; onStartNew(): void }) {
  return (
    <div class={styles.ended} role="status">
      <p class={styles.endedTitle}>{sayInConversation('endedTitle')}</p>
      <p class={styles.endedReason}>{sayEnd(conversation)}</p>
      <Button variant="primary" size="large" onClick={onStartNew}>
        {sayInConversation('startNew')}
      </Button>
    </div>
  );
}
