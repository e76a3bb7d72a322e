import styles from './conversation-pills.module.css';
import { RingingPill, type RingingPillProps } from './ringing-pill.tsx';
import type { ShareDoor } from './share/share-door.ts';
import { ShareMissing } from './share/share-missing.tsx';
import type { Widget } from './widget.ts';

export interface ConversationPillsProps extends RingingPillProps {
  widget: Widget;
  door: ShareDoor;
}

/** What of a conversation has to be seen while the widget is minimised. */
export function ConversationPills({ widget, call, door, onAccepted }: ConversationPillsProps) {
  const { session } = widget.state.value;
  const conversation = session.phase === 'known' ? session.conversation : null;
  return (
    <>
      <RingingPill widget={widget} call={call} onAccepted={onAccepted} />
      {conversation === null || conversation.phase === 'ended' ? null : (
        <div class={styles.missing}>
          <ShareMissing widget={widget} door={door} conversation={conversation} />
        </div>
      )}
    </>
  );
}
