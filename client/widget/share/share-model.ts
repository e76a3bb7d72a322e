import type { ReadonlySignal } from '@preact/signals';
import type { ChosenScope, PickedPart } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { ShareGrantName, ShareView } from '../../../protocol/sharing.ts';
import type { AskedPage, DoneAct } from './remote-acts.ts';

/** What the visitor is choosing on the page right now, and what for. */
export interface Picking {
  purpose: 'only' | 'hide';
  /** Before "Allow" has been sent, there is no share yet. */
  isForAllow: boolean;
}

/** `broken-off`: the server has ended it, because it could not go on. */
export type ShareFault = ErrorCode | 'not-loaded' | 'broken-off';

/** Sharing of the page in this tab: what the visitor sees of it and decides about it. */
export interface VisitorShare {
  /** The open share of the page, asked for or running. */
  readonly share: ReadonlySignal<ShareView | null>;
  /** The visitor has chosen "Share this page" and not said "Allow" yet. */
  readonly isOffering: ReadonlySignal<boolean>;
  readonly isAllowing: ReadonlySignal<boolean>;
  readonly picking: ReadonlySignal<Picking | null>;
  /** This tab's part of it; null where this tab shows nothing. */
  readonly scope: ReadonlySignal<ChosenScope | null>;
  /** What the visitor has hidden on this page and is not to be found: nothing is shown until it is decided. */
  readonly gonePart: ReadonlySignal<PickedPart | null>;
  readonly hiddenCount: ReadonlySignal<number>;
  readonly isShowingHidden: ReadonlySignal<boolean>;
  readonly tool: ReadonlySignal<'none' | 'laser' | 'ink'>;
  readonly lastAct: ReadonlySignal<DoneAct | null>;
  readonly askedPage: ReadonlySignal<AskedPage | null>;
  readonly fault: ReadonlySignal<ShareFault | null>;
  offer(): void;
  /** The visitor's own click on "Allow". Nothing has been loaded or recorded before it. */
  allow(wish: { isPart: boolean; mayBeRecorded: boolean }): void;
  decline(): void;
  /** At once and for good, in every tab. */
  end(): void;
  showWholePage(): void;
  pick(purpose: Picking['purpose']): void;
  cancelPick(): void;
  showAgain(part: PickedPart): void;
  pause(): void;
  resume(): void;
  setGrant(grant: ShareGrantName, isGranted: boolean): void;
  answerPage(isAllowed: boolean): void;
  setShowingHidden(isOn: boolean): void;
  setTool(tool: 'none' | 'laser' | 'ink'): void;
  dismissFault(): void;
  close(): void;
}
