import type { CallWish } from '../../media/browser/call-session.ts';
import type { CallId, ConversationId } from '../../protocol/ids.ts';
import type { KeyValueStorage } from '../connection/safe-storage.ts';
import { forgetUnsentWords } from '../connection/unsent-words.ts';
import type { RememberedWidget } from './widget-state.ts';

/** What this browser keeps of a visitor, per site; everything lies in the widget's own origin. */
export interface VisitorMemory {
  /** The unguessable token that says who the visitor is; shared by the tabs of this browser. */
  findToken(): string | undefined;
  keepToken(token: string): void;
  /** Hears when another tab has become somebody else; returns how to stop. */
  onTokenChanged(handler: () => void): () => void;
  /** The visitor's conversations in this browser: what was written in them and not sent lies here as well. */
  noteConversation(conversationId: ConversationId): void;
  /** "Not you?": no word of the person stays on this machine. */
  forgetWords(): void;
  /** The rest belongs to this tab and survives a change of page. */
  readWidget(): RememberedWidget;
  keepWidget(widget: RememberedWidget): void;
  /** The visitor talks in this tab: after a change of page it takes its seat again without a question (M15). */
  findCallHere(): CallKey | null;
  keepCallHere(call: CallKey, isHere: boolean): void;
  /** Muted and camera as they were before a change of page. */
  findCallWish(callId: CallId): CallWish | undefined;
  keepCallWish(callId: CallId, wish: CallWish): void;
}

/** A call by its id or, before it exists, by the conversation that asked for it. */
export type CallKey = CallId | ConversationId;

/** Drafts and unsent messages do not last longer than so many conversations. */
const MAX_NOTED = 50;

export function createVisitorMemory(siteKey: string, local: KeyValueStorage, tab: KeyValueStorage): VisitorMemory {
  const key = (name: string) => `foyer:${name}:${siteKey}`;
  const listConversations = () => local.get(key('conversations'))?.split(' ') ?? [];
  return {
    findToken: () => local.get(key('visitor')) ?? undefined,
    keepToken: (token) => local.set(key('visitor'), token),
    onTokenChanged: (handler) => local.onChanged(key('visitor'), handler),
    noteConversation(conversationId) {
      const noted = listConversations();
      if (noted.includes(conversationId)) return;
      local.set(key('conversations'), [conversationId, ...noted].slice(0, MAX_NOTED).join(' '));
    },
    forgetWords() {
      forgetUnsentWords(local, listConversations());
      local.remove(key('conversations'));
    },
    readWidget: () => ({
      isOpen: tab.get(key('open')) === 'yes',
      isPoppedOut: tab.get(key('popped-out')) === 'yes',
      dismissedId: tab.get(key('dismissed')) as ConversationId | null,
    }),
    keepWidget({ isOpen, isPoppedOut, dismissedId }) {
      tab.set(key('open'), isOpen ? 'yes' : 'no');
      tab.set(key('popped-out'), isPoppedOut ? 'yes' : 'no');
      if (dismissedId !== null) tab.set(key('dismissed'), dismissedId);
    },
    findCallHere: () => tab.get(key('call-here')) as CallKey | null,
    keepCallHere(call, isHere) {
      if (isHere) tab.set(key('call-here'), call);
      else if (tab.get(key('call-here')) === call) tab.remove(key('call-here'));
    },
    findCallWish(callId) {
      const [keptId, microphone, camera] = tab.get(key('call-wish'))?.split(' ') ?? [];
      return keptId === callId ? { isMuted: microphone === 'muted', isCameraOn: camera === 'on' } : undefined;
    },
    keepCallWish(callId, { isMuted, isCameraOn }) {
      tab.set(key('call-wish'), `${callId} ${isMuted ? 'muted' : 'open'} ${isCameraOn ? 'on' : 'off'}`);
    },
  };
}
