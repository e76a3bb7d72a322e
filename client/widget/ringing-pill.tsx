import { IncomingCallCard } from '../ui/call/incoming-call-card.tsx';
import styles from './pill.module.css';
import { say } from './texts.ts';
import type { VisitorCall } from './visitor-call.ts';
import type { Widget } from './widget.ts';

export interface RingingPillProps {
  widget: Pick<Widget, 'state'>;
  call: VisitorCall;
  /** Opens the panel. */
  onAccepted(): void;
}

/** The room that stays free beside the card on a narrow screen; the frame around it grows with what stands in it. */
const SIDE_ROOM_PX = 40;

/** A call that the agent proposes while the widget is minimised: the whole question, and nothing starts before the click. */
export function RingingPill({ widget, call, onAccepted }: RingingPillProps) {
  const place = call.place.value;
  const { session } = widget.state.value;
  if (place.at !== 'incoming' || session.phase !== 'known') return null;
  return (
    <div class={styles.ringing} style={{ maxWidth: `${screen.availWidth - SIDE_ROOM_PX}px` }} role="alert">
      <IncomingCallCard
        name={session.conversation?.agent?.name ?? say('support')}
        modality={place.call.modality}
        onAccept={(wish) => {
          call.accept(place.call, wish);
          onAccepted();
        }}
        onDecline={() => call.decline(place.call)}
      />
    </div>
  );
}
