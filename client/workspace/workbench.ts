import { effect } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AgentEvents, AgentRequests } from '../../protocol/contract.ts';
import type { AgentId, ConversationId } from '../../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { createConnection } from '../connection/connection.ts';
import { toRequestError } from '../connection/request-error.ts';
import { openStorage } from '../connection/safe-storage.ts';
import type { KeyValueStorage } from '../connection/safe-storage.ts';
import { toCallSignalling } from '../ui/call/connection-signalling.ts';
import { loadCall, preloadCall, prepareRinging } from '../ui/call/load-call.ts';
import { sayScreenFault } from '../ui/share/screen-texts.ts';
import { showToast } from '../ui/toast.ts';
import { createAttention } from './attention.ts';
import type { Attention } from './attention.ts';
import { createCallDesk } from './call-desk.ts';
import type { CallDesk } from './call-desk.ts';
import { createConversationClients } from './conversation-clients.ts';
import type { ConversationClients } from './conversation-clients.ts';
import { createDeskActions } from './desk-actions.ts';
import type { DeskActions } from './desk-actions.ts';
import { createDesk } from './desk.ts';
import type { AgentConnection, Desk } from './desk.ts';
import { toFaultText } from './fault-words.ts';
import type { FaultText } from './fault-words.ts';
import { createIdleWatch, openInputChannel } from './idle-watch.ts';
import { openPapers } from './papers.ts';
import { createScreenDesk } from './screen-desk.ts';
import type { ScreenDesk } from './screen-desk.ts';
import type { SettingsSignal } from './settings.ts';
import type { SignIn } from './sign-in-state.ts';
import { createSignOut } from './sign-out.ts';
import type { SignOut } from './sign-out.ts';
import { say } from './texts.ts';

/** Everything that lives from an agent's sign-in to the sign-out. Pages only show it. */
export interface Workbench {
  readonly connection: AgentConnection;
  readonly desk: Desk;
  readonly clients: ConversationClients;
  readonly calls: CallDesk;
  readonly actions: DeskActions;
  readonly screens: ScreenDesk;
  readonly settings: SettingsSignal;
  /** This agent's own part of the browser's storage. */
  readonly storage: KeyValueStorage;
  readonly signOut: SignOut;
  readonly attention: Pick<Attention, 'noteShown' | 'isSoundBlocked' | 'turnSoundOn'>;
  close(): void;
}

export interface WorkbenchOptions {
  agentId: AgentId;
  door: SignIn;
  settings: SettingsSignal;
  storage: KeyValueStorage;
  show: (conversationId: ConversationId) => void;
}

export function createWorkbench({ agentId, door, settings, storage, show }: WorkbenchOptions): Workbench {
  const connection = createConnection<AgentRequests, AgentEvents>({
    namespace: '/agent',
    handshake: () => ({ protocolVersion: PROTOCOL_VERSION }),
  });
  const desk = createDesk(connection, Date.now);
  const papers = openPapers(storage, agentId);
  const tell = (text: FaultText | 'callLoadFailed'): void => showToast(say(text));

  const signalling = toCallSignalling(connection);
  const calls = createCallDesk({
    desk: desk.state,
    signalling,
    loadCalls: async () => (await loadCall()).createCallSession,
    prepareCalls: () => preloadCall(signalling),
    prepareRinging: (ringing) => prepareRinging(signalling, ringing),
    memory: openStorage('session'),
    tellLoadFailed: () => tell('callLoadFailed'),
    tellRefused: (thrown) => tell(toFaultText(toRequestError(thrown).code)),
  });
  const screens = createScreenDesk({
    desk,
    link: connection,
    signalling,
    loadSessions: async () => (await loadCall()).createScreenSession,
    tellFault: (fault) => showToast(sayScreenFault(fault)),
  });
  const attention = createAttention({ desk, settings, show });
  const clients = createConversationClients({
    connection,
    desk: desk.state,
    storage: papers.storage,
    onMessageReceived: attention.handleMessage,
  });
  const actions = createDeskActions({
    connection,
    desk,
    tell,
    showAccepted: (conversationId) => {
      calls.expectCall(conversationId);
      show(conversationId);
    },
    async enterCallOf(offerId, accepted) {
      const state = desk.state.peek();
      const offer = state.phase === 'ready' && state.offers.find((known) => known.offerId === offerId);
      if (offer) await calls.enterRequest(offer, accepted);
    },
    claimCall: calls.claim,
  });

  const idleWatch = createIdleWatch({
    target: window,
    now: Date.now,
    report: actions.reportActivity,
    tabs: openInputChannel('foyer.workspace.input'),
  });
  const endings = [
    effect(() => {
      const state = desk.state.value;
      if (state.phase === 'ready') idleWatch.setLimit(state.agent.autoAwayMinutes);
    }),
    effect(() => {
      if (connection.state.value === 'online') queueMicrotask(idleWatch.repeat);
    }),
    effect(() => {
      if (connection.refusal.value?.code === 'not-signed-in') queueMicrotask(() => door.handleSignedOut('expired'));
    }),
    connection.on('agent:signed-out', ({ reason }) => {
      // After an expired session the same agent goes on writing; the other reasons mean that nobody will.
      if (reason !== 'expired') papers.destroy();
      door.handleSignedOut(reason);
    }),
  ];

  let isClosed = false;
  return {
    connection,
    desk,
    clients,
    calls,
    actions,
    screens,
    settings,
    storage: papers.storage,
    signOut: createSignOut({ papers, desk: desk.state, door }),
    attention,
    close() {
      if (isClosed) return;
      isClosed = true;
      for (const end of endings) end();
      idleWatch.close();
      calls.close();
      screens.close();
      clients.close();
      attention.close();
      desk.close();
      connection.close();
    },
  };
}

const WorkbenchContext = createContext<Workbench | null>(null);
export const WorkbenchProvider = WorkbenchContext.Provider;

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error('A part of the workspace was shown without its workbench.');
  return workbench;
}
