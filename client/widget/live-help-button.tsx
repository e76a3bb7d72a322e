import { useContext, useLayoutEffect, useRef } from 'preact/hooks';
import { MessageCircle, Phone } from 'lucide-preact';
import styles from './live-help-button.module.css';
import { conversationScreen } from './lazy-screens.ts';
import { say } from './texts.ts';
import { takeReturnedFocus } from './focus.ts';
import { PopOutContext } from './pop-out/pop-out-context.ts';
import { PopOutPill } from './pop-out/pop-out-pill.tsx';
import type { ShareDoor } from './share/share-door.ts';
import { ShareMissing } from './share/share-missing.tsx';
import type { VisitorCall } from './visitor-call.ts';
import type { ButtonLabel } from './widget-state.ts';
import type { Widget } from './widget.ts';

export interface LiveHelpButtonProps {
  widget: Widget;
  label: ButtonLabel;
  call: VisitorCall;
  door: ShareDoor;
}

/** The button in the corner of the page. The frame around it takes exactly its size. */
export function LiveHelpButton({ widget, label, call, door }: LiveHelpButtonProps) {
  const placeRef = useRef<HTMLDivElement>(null);
  const buttonRef = useRef<HTMLButtonElement>(null);
  const words = say(label === 'leave-message' ? 'buttonLeaveMessage' : 'buttonLiveHelp');
  const unreadCount = widget.conversation.value?.unreadCount.value ?? 0;
  const popOut = useContext(PopOutContext)?.popOut;
  const module = conversationScreen.module.value;
  const goToPanel = () => {
    if (popOut !== undefined && widget.state.peek().isPoppedOut) popOut.goToWindow();
    else widget.dispatch({ kind: 'opened' });
  };

  useLayoutEffect(() => {
    const place = placeRef.current;
    if (place === null) return undefined;
    const measure = () => widget.placeButton(Math.ceil(place.offsetWidth), Math.ceil(place.offsetHeight));
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(place);
    takeReturnedFocus(buttonRef.current);
    return () => sizes.disconnect();
  }, []);

  return (
    <div class={styles.place} ref={placeRef}>
      {popOut !== undefined && widget.state.value.isPoppedOut ? (
        <PopOutPill popOut={popOut} />
      ) : typeof module === 'string' ? null : (
        // Comes with the code of the conversation, which is there soon after the page.
        <module.RingingPill widget={widget} call={call} onAccepted={goToPanel} />
      )}
      <PillPlace widget={widget} door={door} onAnswer={goToPanel} />
      <button
        type="button"
        class={styles.button}
        ref={buttonRef}
        aria-label={unreadCount > 0 ? `${words}, ${say('unread', { count: unreadCount })}` : words}
        onClick={goToPanel}
      >
        {call.running.value !== null ? <Phone size={20} /> : <MessageCircle size={20} />}
        <span>{words}</span>
        {unreadCount > 0 ? (
          <span class={styles.unread} aria-hidden="true">
            {unreadCount > 9 ? '9+' : unreadCount}
          </span>
        ) : null}
      </button>
    </div>
  );
}

/** Whatever is shared is to be seen here as well (B2). */
function PillPlace({ widget, door, onAnswer }: { widget: Widget; door: ShareDoor; onAnswer(): void }) {
  const opened = door.opened.value;
  const { session } = widget.state.value;
  if (session.phase !== 'known' || session.conversation === null) return null;
  if (opened === null) {
    return (
      <div class={styles.missing}>
        <ShareMissing widget={widget} door={door} conversation={session.conversation} />
      </div>
    );
  }
  const name = session.conversation.agent?.name ?? say('support');
  return <opened.module.SharePill open={opened.open} name={name} now={widget.now} onAnswer={onAnswer} />;
}
