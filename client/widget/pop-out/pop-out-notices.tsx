import { useContext, useEffect, useState } from 'preact/hooks';
import { AppWindow, X } from 'lucide-preact';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { sayUi } from '../../ui/ui-texts.ts';
import type { ShareDoor } from '../share/share-door.ts';
import { sayInConversation } from '../conversation-screen-texts.ts';
import type { VisitorCall } from '../visitor-call.ts';
import { PopOutContext } from './pop-out-context.ts';
import type { PopOut } from './pop-out.ts';

const ASKED_AFTER_MS = 800;

/** What has to be said because there are two windows: none was opened, or something is to be done in the other one. */
export function PopOutNotices({ call, door }: { call: VisitorCall; door: ShareDoor }) {
  const place = useContext(PopOutContext);
  if (place === null) return null;
  return place.isInWindow ? (
    <ElsewhereNotice call={call} door={door} popOut={place.popOut} />
  ) : (
    <RefusedNotice popOut={place.popOut} />
  );
}

function ElsewhereNotice(props: { call: VisitorCall; door: ShareDoor; popOut: PopOut }) {
  const words = useWordsInWindow(props.call, props.door, props.popOut);
  if (words === null) return null;
  return (
    <Banner tone="info" icon={<AppWindow size={18} />}>
      {words}
    </Banner>
  );
}

function RefusedNotice({ popOut }: { popOut: PopOut }) {
  if (!popOut.isRefused.value) return null;
  return (
    <Banner
      tone="warn"
      actions={
        <Button
          size="small"
          variant="ghost"
          label={sayUi('dismiss')}
          icon={<X size={16} />}
          onClick={popOut.dismissRefusal}
        />
      }
    >
      {sayInConversation('windowRefused')}
    </Banner>
  );
}

/** Questions of the browser, and what is to be chosen on the page, belong to the page's window. */
function useWordsInWindow(call: VisitorCall, door: ShareDoor, popOut: PopOut): string | null {
  const open = door.opened.value?.open;
  const isPicking = open !== undefined && open.share.picking.value !== null;
  const isAskedForScreen = open?.screen.isBusy.value === true;
  const media = call.running.value?.session.localMedia;
  const isStarting =
    media?.microphone.state.value.phase === 'starting' || media?.camera.state.value.phase === 'starting';
  const [isAskedForDevices, setAsked] = useState(false);
  const isElsewhere = isPicking || isAskedForScreen || isAskedForDevices;

  useEffect(() => {
    // Whom the browser need not ask has the devices by then.
    const timer = isStarting ? setTimeout(() => setAsked(true), ASKED_AFTER_MS) : undefined;
    if (!isStarting) setAsked(false);
    return () => clearTimeout(timer);
  }, [isStarting]);
  useEffect(() => {
    if (isElsewhere) popOut.shell.peek()?.focusPage();
  }, [isElsewhere]);

  if (isPicking) return sayInConversation('chooseInPage');
  return isElsewhere ? sayInConversation('askedInPage') : null;
}
