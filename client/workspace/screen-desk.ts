import { computed, effect, signal, untracked, type Signal } from '@preact/signals';
import type { CallSignalling } from '../../media/browser/call-signalling.ts';
import { canCaptureScreen } from '../../media/browser/screen-capture.ts';
import type { ConversationId, ShareId } from '../../protocol/ids.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import {
  createSharedScreen,
  type ScreenLink,
  type SharedScreen,
  type SharedScreenFault,
  type SharedScreenOptions,
} from '../ui/share/shared-screen.ts';
import type { Desk } from './desk.ts';

/** The screens of the agent's conversations: their own goes on while another conversation is looked at. */
export interface ScreenDesk {
  /** False where the browser has no way to show one's own screen, as on phones. */
  readonly isPossible: boolean;
  /**
   * "Share my screen": opens the browser's dialog, so it has to be called within a click. Never throws: what goes
   * wrong is told to the person.
   */
  shareOwn(conversationId: ConversationId): Promise<void>;
  /** The screen of an open share, the agent's own included. */
  find(shareId: ShareId): SharedScreen | undefined;
  /** Somebody looks at it until the answer is called: of what nobody looks at nothing is brought. */
  look(conversationId: ConversationId): () => void;
  close(): void;
}

export interface ScreenDeskOptions {
  desk: Pick<Desk, 'state' | 'apply'>;
  link: ScreenLink;
  signalling: CallSignalling;
  loadSessions: SharedScreenOptions['loadSessions'];
  tellFault(fault: SharedScreenFault): void;
}

interface Kept {
  screen: SharedScreen;
  lookers: Signal<number>;
  close(): void;
}

export function createScreenDesk(options: ScreenDeskOptions): ScreenDesk {
  const { desk, tellFault } = options;
  const kept = signal<ReadonlyMap<ConversationId, Kept>>(new Map());

  function findShare(conversationId: ConversationId): ShareView | null {
    const state = desk.state.value;
    if (state.phase !== 'ready') return null;
    return state.conversations.get(conversationId)?.shares.find(({ kind }) => kind === 'screen') ?? null;
  }

  function ensure(conversationId: ConversationId): Kept {
    const known = kept.peek().get(conversationId);
    if (known !== undefined) return known;
    const lookers = signal(0);
    const screen = createSharedScreen({
      link: options.link,
      signalling: options.signalling,
      loadSessions: options.loadSessions,
      party: 'agent',
      told: computed(() => findShare(conversationId)),
      conversationId: () => conversationId,
      isLooking: computed(() => lookers.value > 0),
      learn: (share) => desk.apply({ kind: 'share-changed', share }),
    });
    const stop = effect(() => {
      const fault = screen.fault.value;
      if (fault === null) return;
      untracked(() => {
        tellFault(fault);
        queueMicrotask(screen.dismissFault);
      });
    });
    const made: Kept = {
      screen,
      lookers,
      close() {
        stop();
        screen.close();
      },
    };
    kept.value = new Map(kept.peek()).set(conversationId, made);
    return made;
  }

  const stopFollowing = effect(() => {
    const state = desk.state.value;
    if (state.phase !== 'ready') return;
    untracked(() => {
      for (const { conversationId, shares } of state.conversations.values()) {
        if (shares.some(({ kind, phase }) => kind === 'screen' && phase !== 'asked')) ensure(conversationId);
      }
      // A conversation that ended or left the desk takes its screen along: the browser's own sign must go out.
      for (const [conversationId, { close }] of kept.peek()) {
        const conversation = state.conversations.get(conversationId);
        if (conversation !== undefined && conversation.phase !== 'ended') continue;
        const rest = new Map(kept.peek());
        rest.delete(conversationId);
        kept.value = rest;
        close();
      }
    });
  });

  return {
    isPossible: canCaptureScreen(),
    shareOwn: (conversationId) => ensure(conversationId).screen.show(),
    find: (shareId) => [...kept.value.values()].find(({ screen }) => screen.share.value?.shareId === shareId)?.screen,
    look(conversationId) {
      const { lookers } = ensure(conversationId);
      lookers.value += 1;
      return () => void (lookers.value -= 1);
    },
    close() {
      stopFollowing();
      for (const { close } of kept.peek().values()) close();
      kept.value = new Map();
    },
  };
}
