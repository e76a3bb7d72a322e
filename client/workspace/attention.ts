import { computed, effect } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { MessageView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { toDepartmentName } from '../ui/department-name.ts';
import { createSounds } from '../ui/sounds.ts';
import { showTitleBadge } from '../ui/title-badge.ts';
import type { Desk } from './desk.ts';
import { countUnread, listOutgoingCalls, listRingingCalls } from './desk-state.ts';
import { createDesktopNotes } from './desktop-notes.ts';
import type { SettingsSignal } from './settings.ts';
import { say } from './texts.ts';
import { toModalityWords } from './modality-words.ts';

export interface Attention {
  /** Sounds are wanted, and the browser keeps this page silent until it is touched. */
  readonly isSoundBlocked: ReadonlySignal<boolean>;
  /** Within a click. */
  turnSoundOn(): void;
  /** A visitor's text arrived. */
  handleMessage(conversationId: ConversationId, message: MessageView): void;
  /** Which conversation is on the screen, so that its messages make no sound. */
  noteShown(conversationId: ConversationId | null): void;
  close(): void;
}

export interface AttentionOptions {
  desk: Pick<Desk, 'state'>;
  settings: SettingsSignal;
  show: (conversationId: ConversationId) => void;
}

/** Ring, message sound, count in the title and desktop notifications: what calls an agent back to the desk. */
export function createAttention({ desk, settings, show }: AttentionOptions): Attention {
  const sounds = createSounds({ isEnabled: settings.peek().hasSounds, startsUntouched: true });
  // Two sounds for one thing are one too many; none is worse.
  const notes = createDesktopNotes({ isSilent: () => !settings.peek().hasSounds || sounds.canPlay() });
  let shownId: ConversationId | null = null;

  const isLookedAt = (conversationId: ConversationId): boolean =>
    shownId === conversationId && document.visibilityState === 'visible' && document.hasFocus();

  // Computed, so that the ring goes on evenly while other things of the desk change.
  const isRinging = computed(() => {
    const state = desk.state.value;
    return state.phase === 'ready' && (state.offers.length > 0 || listRingingCalls(state).length > 0);
  });
  const isCalling = computed(() => {
    const state = desk.state.value;
    return state.phase === 'ready' && listOutgoingCalls(state).length > 0;
  });
  const badgeCount = computed(() => {
    const state = desk.state.value;
    return state.phase === 'ready' ? countUnread(state) + state.offers.length : 0;
  });

  const endings = [
    effect(() => sounds.setEnabled(settings.value.hasSounds)),
    effect(() => (isRinging.value ? sounds.startRinging() : undefined)),
    effect(() => (isCalling.value ? sounds.startRingBack() : undefined)),
    effect(() => showTitleBadge(badgeCount.value)),
    effect(() => {
      const state = desk.state.value;
      if (state.phase !== 'ready') return;
      const wanted = state.offers.map(({ offerId, request }) => ({
        key: `offer:${offerId}`,
        title: say('notificationTitle'),
        body: say('notificationBody', {
          name: request.visitor.name,
          modality: toModalityWords(request.modality),
          department: toDepartmentName(request.department),
        }),
      }));
      notes.keep('offer:', wanted);
    }),
  ];

  return {
    isSoundBlocked: computed(() => settings.value.hasSounds && sounds.isBlocked.value),
    turnSoundOn: sounds.unlock,
    handleMessage(conversationId, message) {
      if (isLookedAt(conversationId)) return;
      sounds.playMessage();
      if (message.body.kind !== 'text') return;
      notes.tell({
        key: `conversation:${conversationId}`,
        title: message.sender.name,
        body: message.body.text,
        onChoose: () => show(conversationId),
      });
    },
    noteShown(conversationId) {
      shownId = conversationId;
    },
    close() {
      for (const end of endings.splice(0)) end();
      notes.close();
      sounds.close();
      showTitleBadge(0);
    },
  };
}
