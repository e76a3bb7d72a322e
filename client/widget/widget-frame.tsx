import { computed } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { applyAccent } from '../ui/accent.ts';
import { LiveHelpButton } from './live-help-button.tsx';
import { conversationScreen } from './lazy-screens.ts';
import { Panel } from './panel.tsx';
import { PopOutContext } from './pop-out/pop-out-context.ts';
import type { PopOut } from './pop-out/pop-out.ts';
import { useArrivalSounds } from './use-arrival-sounds.ts';
import type { ShareDoor } from './share/share-door.ts';
import type { VisitorCall } from './visitor-call.ts';
import type { Widget } from './widget.ts';

export interface WidgetFrameProps {
  widget: Widget;
  call: VisitorCall;
  door: ShareDoor;
  popOut: PopOut;
}

/** Everything inside the iframe: the button in the corner or the panel. */
export function WidgetFrame({ widget, call, door, popOut }: WidgetFrameProps) {
  const screen = widget.screen.value;
  const { isPoppedOut } = widget.state.value;
  const isOpen = screen.at === 'panel';
  const hasBeenOpen = useRef(isOpen);
  hasBeenOpen.current ||= isOpen;
  const accent = useMemo(
    () =>
      computed(() => {
        const { session } = widget.state.value;
        return session.phase === 'known' ? session.site.accent : null;
      }),
    [],
  ).value;
  useEffect(() => applyAccent(accent), [accent]);
  const hasConversation = widget.conversation.value !== null;
  useEffect(() => {
    if (hasConversation) conversationScreen.load();
  }, [hasConversation]);
  useArrivalSounds(widget, call, popOut);
  const place = useMemo(() => ({ popOut, isInWindow: false }), []);

  return (
    <PopOutContext.Provider value={place}>
      {screen.at === 'button' ? <LiveHelpButton widget={widget} label={screen.label} call={call} door={door} /> : null}
      {/* Once opened it stays: a call goes on in it while it is minimised. Drawn twice it would answer twice. */}
      {!isPoppedOut && (hasBeenOpen.current || call.running.value !== null) ? (
        <Panel widget={widget} call={call} door={door} isOpen={isOpen} />
      ) : null}
    </PopOutContext.Provider>
  );
}
