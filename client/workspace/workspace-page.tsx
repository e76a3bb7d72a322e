import { useComputed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import type { ConversationId } from '../../protocol/ids.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { ToastRegion } from '../ui/toast-region.tsx';
import { CallBar } from './call-bar.tsx';
import { ConnectionBanner, RefusedPage } from './connection-banner.tsx';
import { ConversationList } from './conversation-list.tsx';
import { ConversationPage } from './conversation-page.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { LeftMessagesPage } from './left-messages-page.tsx';
import { OfferStack } from './offer-stack.tsx';
import { toPlace } from './place.ts';
import { QueuePage } from './queue-page.tsx';
import { SideNav } from './side-nav.tsx';
import { SignOutQuestion } from './sign-out-question.tsx';
import { say } from './texts.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useWorkbench } from './workbench.ts';
import { NoConversationShown } from './no-conversation-shown.tsx';
import styles from './workspace-page.module.css';

/** The desk: own state and places at the left, who waits in the middle, the conversation at the right. */
export function WorkspacePage() {
  const workbench = useWorkbench();
  const [path] = useLocation();
  const place = toPlace(path);
  const [isHelpOpen, setHelpOpen] = useState(false);
  useShortcuts({ openHelp: () => setHelpOpen(true) });

  const shownId = place.at === 'conversation' ? place.conversationId : null;
  useEffect(() => workbench.attention.noteShown(shownId), [workbench, shownId]);
  const keptIds = useKeptConversations(shownId);

  if (workbench.connection.state.value === 'refused' && workbench.connection.refusal.value?.code !== 'not-signed-in') {
    return <RefusedPage />;
  }
  return (
    <div class={joinClasses(styles.workspace, styles[place.at])}>
      <a class={styles.skip} href="#content">
        {say('skipToContent')}
      </a>
      <ConnectionBanner />
      <div class={styles.desk}>
        <SideNav place={place} onOpenHelp={() => setHelpOpen(true)} />
        <main class={styles.content}>
          <h1 class={styles.spoken}>{say('workspace')}</h1>
          <ConversationList shownId={shownId} />
          <div class={styles.main} id="content" tabIndex={-1}>
            <CallBar shownId={shownId} />
            {keptIds.map((conversationId) => (
              <ConversationPage
                key={conversationId}
                conversationId={conversationId}
                isShown={conversationId === shownId}
              />
            ))}
            {place.at === 'queue' ? <QueuePage /> : null}
            {place.at === 'messages-left' ? <LeftMessagesPage /> : null}
            {place.at === 'overview' || (shownId && !keptIds.includes(shownId)) ? (
              <NoConversationShown isUnknown={shownId !== null} />
            ) : null}
          </div>
        </main>
      </div>
      <OfferStack isConversationShown={shownId !== null} />
      <div class={styles.toasts}>
        <ToastRegion />
      </div>
      <SignOutQuestion />
      {isHelpOpen ? <KeyboardHelp onClose={() => setHelpOpen(false)} /> : null}
    </div>
  );
}

/**
 * The conversation on the screen and those whose call runs here: taking a call's panel off the page would silence it,
 * so it stays, hidden, while the agent looks elsewhere.
 */
function useKeptConversations(shownId: ConversationId | null): ConversationId[] {
  const { desk, clients, calls } = useWorkbench();
  useEffect(() => {
    if (shownId) clients.ensure(shownId);
  }, [clients, shownId, desk.state.value.phase]);
  const calling = useComputed(() => [...calls.sessions.value.values()].map((session) => session.callId));
  const state = desk.state.value;
  if (state.phase !== 'ready') return [];
  const inCall = new Set(calling.value);
  return [...state.conversations.values()]
    .filter(({ conversationId, call }) => conversationId === shownId || (call !== null && inCall.has(call.callId)))
    .filter(({ conversationId }) => clients.open.value.has(conversationId))
    .map(({ conversationId }) => conversationId);
}
