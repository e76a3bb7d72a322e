import type { ComponentChild } from 'preact';
import { useContext, useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { isPageOutdated, retryOrReload } from '../connection/upgrade-watch.ts';
import { canFocusFields, isSomethingOnTop, takeAwaitedKeyboard } from './focus.ts';
import { FormScreen } from './form-screen.tsx';
import { HomeScreen } from './home-screen.tsx';
import { conversationScreen, leaveMessageScreen, type LazyScreen } from './lazy-screens.ts';
import styles from './panel.module.css';
import { PopOutContext } from './pop-out/pop-out-context.ts';
import { FailedScreen, LoadingScreen } from './status-screens.tsx';
import { minimise } from './minimise.ts';
import type { ConversationView } from '../../protocol/conversations.ts';
import { say } from './texts.ts';
import type { ShareDoor } from './share/share-door.ts';
import { SharePlace } from './share/share-place.tsx';
import type { VisitorCall } from './visitor-call.ts';
import { toPanelScreen, type PanelScreen } from './widget-state.ts';
import type { Widget } from './widget.ts';

export interface PanelProps {
  widget: Widget;
  call: VisitorCall;
  door: ShareDoor;
  isOpen: boolean;
}

/** The opened widget: one screen at a time, the keyboard always inside. */
export function Panel({ widget, call, door, isOpen }: PanelProps) {
  const panelRef = useRef<HTMLElement>(null);
  const screen = toPanelScreen(widget.state.value);
  const isInWindow = useContext(PopOutContext)?.isInWindow ?? false;

  useLayoutEffect(() => {
    // A page that finds the widget open did not ask for the keyboard: the visitor may be typing in the page itself.
    // In a window of its own there is nothing else to type in.
    const panel = panelRef.current;
    if (isOpen && (isInWindow || takeAwaitedKeyboard() || document.hasFocus())) moveFocus(panel);
    // What had to be loaded first has its fields only then.
  }, [isOpen, screen.at, leaveMessageScreen.module.value]);

  useEffect(() => {
    // A window of its own is closed like every window.
    if (isInWindow) return;
    const handleKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || !widget.isFramed || isSomethingOnTop(document)) return;
      if (widget.screen.peek().at === 'panel') minimise(widget);
    };
    addEventListener('keydown', handleKey);
    return () => removeEventListener('keydown', handleKey);
  }, []);

  return (
    <section
      class={styles.panel}
      role={isInWindow ? 'main' : 'dialog'}
      aria-label={say('panel')}
      tabIndex={-1}
      ref={panelRef}
      hidden={!isOpen}
      data-full-screen={isInWindow || widget.isFullScreen.value}
      data-framed={widget.isFramed && !isInWindow}
    >
      <CurrentScreen widget={widget} call={call} door={door} screen={screen} />
    </section>
  );
}

function moveFocus(panel: HTMLElement | null): void {
  const field = canFocusFields() ? panel?.querySelector<HTMLElement>('[data-focus-field] :is(input, textarea)') : null;
  // What stands above the first field is to be read first.
  (field ?? panel)?.focus({ preventScroll: true });
}

function CurrentScreen({ widget, call, door, screen }: Omit<PanelProps, 'isOpen'> & { screen: PanelScreen }) {
  switch (screen.at) {
    case 'loading':
      return <LoadingScreen widget={widget} isSlow={screen.isSlow} onRetry={widget.retry} />;
    case 'failed':
      return <FailedScreen widget={widget} code={screen.code} onRetry={widget.retry} />;
    case 'home':
      return <HomeScreen widget={widget} />;
    case 'form':
      return <FormScreen widget={widget} modality={screen.modality} />;
    case 'leave-message':
      return (
        <Loaded widget={widget} screen={leaveMessageScreen}>
          {({ LeaveMessageScreen }) => <LeaveMessageScreen widget={widget} />}
        </Loaded>
      );
    case 'message-left':
      return (
        <Loaded widget={widget} screen={leaveMessageScreen}>
          {({ MessageLeftScreen }) => <MessageLeftScreen widget={widget} />}
        </Loaded>
      );
    case 'waiting':
    case 'conversation':
    case 'ended':
      return (
        <LoadedConversation
          // Its fields, drafts and questions belong to one conversation.
          key={screen.conversation.conversationId}
          widget={widget}
          call={call}
          door={door}
          conversation={screen.conversation}
        />
      );
  }
}

function LoadedConversation(props: Omit<PanelProps, 'isOpen'> & { conversation: ConversationView }) {
  // Sharing goes on meanwhile, and END with it.
  const sharing = <SharePlace {...props} name={props.conversation.agent?.name ?? say('support')} />;
  return (
    <Loaded widget={props.widget} screen={conversationScreen} meanwhile={sharing}>
      {({ ConversationScreen }) => <ConversationScreen {...props} />}
    </Loaded>
  );
}

interface LoadedProps<Module> {
  widget: Widget;
  screen: LazyScreen<Module>;
  /** Above what is said until the screen is there. */
  meanwhile?: ComponentChild;
  children: (module: Module) => ComponentChild;
}

function Loaded<Module extends object>({ widget, screen, meanwhile, children }: LoadedProps<Module>) {
  const module = screen.module.value;
  useEffect(screen.load, []);
  if (typeof module !== 'string') return children(module);
  return (
    <>
      {meanwhile}
      {module === 'loading' ? (
        <LoadingScreen isSlow={false} widget={widget} onRetry={screen.load} />
      ) : (
        <FailedScreen
          code={isPageOutdated.value ? 'client-too-old' : 'offline'}
          widget={widget}
          onRetry={() => retryOrReload(screen.load)}
        />
      )}
    </>
  );
}
