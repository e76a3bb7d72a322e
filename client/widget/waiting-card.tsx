import { useRef } from 'preact/hooks';
import type { ConversationView } from '../../protocol/conversations.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Progress } from '../ui/progress.tsx';
import { sayInConversation } from './conversation-screen-texts.ts';
import { say } from './texts.ts';
import styles from './waiting-card.module.css';
import type { Widget } from './widget.ts';
import { sayEstimate, sayPosition } from './words.ts';

export interface WaitingCardProps {
  widget: Widget;
  conversation: ConversationView;
  onLeaveQueue(): void;
}

/** "Routing your call…": where one stands and how long it may take, pushed at every change (V10, V11). */
export function WaitingCard({ widget, conversation, onLeaveQueue }: WaitingCardProps) {
  const { queue } = conversation;
  /** The worst place so far: the bar fills as the visitor moves forward and never runs back. */
  const farthest = useRef(1);
  if (queue !== null) farthest.current = Math.max(farthest.current, queue.position);
  const { session } = widget.state.value;
  const greeting = session.phase === 'known' ? session.site.greeting : null;

  return (
    <section class={styles.waiting}>
      {greeting ? <p class={styles.greeting}>{greeting}</p> : null}
      <div class={styles.card}>
        <div class={styles.row}>
          <h2 class={styles.title}>{sayInConversation('routing')}</h2>
          {queue === null ? null : <Chip tone="warn">{sayPosition(queue)}</Chip>}
        </div>
        <Progress
          label={sayInConversation('routing')}
          value={queue === null || farthest.current === 1 ? undefined : 1 - queue.position / (farthest.current + 1)}
        />
        <div class={styles.row}>
          <p class={styles.estimate}>{queue === null ? say('waitUnknown') : sayEstimate(queue)}</p>
          <Button variant="ghost" size="small" onClick={onLeaveQueue}>
            {sayInConversation('leaveQueue')}
          </Button>
        </div>
        {queue === null ? null : (
          <p class={styles.heard} role="status">
            {`${sayPosition(queue)}. ${sayEstimate(queue)}.`}
          </p>
        )}
      </div>
      {queue?.isAgentBusy ? (
        <div class={styles.busy} role="status">
          <div>
            <p class={styles.title}>{sayInConversation('agentBusyTitle')}</p>
            <p>{sayInConversation('agentBusy')}</p>
          </div>
          <Button size="small" onClick={() => widget.dispatch({ kind: 'leave-message-chosen' })}>
            {say('leaveTitle')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
