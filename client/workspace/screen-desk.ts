import type { ReadonlySignal } from '@preact/signals';
import type { ConversationId, ShareId } from '../../protocol/ids.ts';

/**
 * Screens as the desk needs them, made by the part that has the media. Where it is missing no screen of one's own is
 * offered, and a visitor's screen has no picture here.
 */
export interface ScreenDesk {
  /** False where the browser has no way to show one's own screen, as on phones. */
  readonly isPossible: boolean;
  /**
   * "Share my screen": opens the browser's dialog, so it has to be called within a click. Never throws: what goes
   * wrong is told to the person, and choosing nothing is not wrong.
   */
  shareOwn(conversationId: ConversationId): Promise<void>;
  /** The picture of a share of kind `screen`, the agent's own included; null until the first one is there. */
  pictureOf(shareId: ShareId): ReadonlySignal<MediaStream | null>;
}
