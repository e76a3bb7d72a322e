import type { ConversationView, QueueView } from '../../protocol/conversations.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ConversationId, Modality } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import type { AvailabilityView, SiteView } from '../../protocol/sites.ts';

export interface VisitorProfile {
  name: string;
  email: string | null;
  /** The site's own fields, by key. */
  fields?: Record<string, string> | undefined;
}

/** What the server has told this page so far. */
export type Session =
  /** Nothing yet; `isSlow` once a person would begin to wonder. */
  | { phase: 'starting'; isSlow: boolean }
  /** This page may not show the widget at all: unknown site, wrong origin. */
  | { phase: 'refused' }
  /** The server said no for another reason; a person may try again. */
  | { phase: 'failed'; code: ErrorCode }
  | {
      phase: 'known';
      site: SiteView;
      availability: AvailabilityView;
      profile: VisitorProfile | null;
      conversation: ConversationView | null;
      /** Away for longer than a moment: what is known about availability may be wrong. */
      isCutOff: boolean;
    };

/** Where the visitor stands while no conversation asks for the screen. */
export type Step =
  { at: 'home' } | { at: 'form'; modality: Modality } | { at: 'leave-message' } | { at: 'message-left' };

export interface WidgetState {
  session: Session;
  isOpen: boolean;
  /** The open panel stands in a window of its own; in the page remains the button. */
  isPoppedOut: boolean;
  /** `Foyer('hide')` of the page. */
  isHiddenByPage: boolean;
  step: Step;
  /** The ended conversation that the visitor has put away; it does not come back with the next connection. */
  dismissedId: ConversationId | null;
}

export type WidgetEvent =
  | { kind: 'session-slow' }
  | { kind: 'session-refused'; code: ErrorCode }
  | { kind: 'session-retried' }
  | {
      kind: 'session-started';
      site: SiteView;
      availability: AvailabilityView;
      profile: VisitorProfile | null;
      conversation: ConversationView | null;
    }
  | { kind: 'connection-lost' }
  | { kind: 'availability-changed'; availability: AvailabilityView }
  | { kind: 'conversation-changed'; conversation: ConversationView }
  | { kind: 'queue-changed'; conversationId: ConversationId; queue: QueueView }
  | { kind: 'call-changed'; call: CallView }
  | { kind: 'share-changed'; share: ShareView }
  | { kind: 'profile-learnt'; profile: VisitorProfile }
  | { kind: 'forgotten' }
  | { kind: 'opened'; modality?: Modality }
  | { kind: 'closed' }
  | { kind: 'popped-out' }
  | { kind: 'brought-back' }
  | { kind: 'hidden-by-page' }
  | { kind: 'shown-by-page' }
  | { kind: 'modality-chosen'; modality: Modality }
  | { kind: 'leave-message-chosen' }
  | { kind: 'message-left' }
  /** Back, "Start a new conversation", or done. */
  | { kind: 'went-home' };

/** What this tab remembers over a change of page. */
export interface RememberedWidget {
  isOpen: boolean;
  isPoppedOut: boolean;
  dismissedId: ConversationId | null;
}

export function createWidgetState(remembered: RememberedWidget): WidgetState {
  return { session: { phase: 'starting', isSlow: false }, isHiddenByPage: false, step: { at: 'home' }, ...remembered };
}

export function isRunning(conversation: ConversationView): boolean {
  return conversation.phase !== 'ended';
}

/** Left before anybody came: there was no conversation to look back at. An orphaned one gets its own words (V12). */
function wasLeftUnserved(conversation: ConversationView): boolean {
  return conversation.phase === 'ended' && conversation.acceptedAt === null && conversation.endReason !== 'orphaned';
}

/** The one place where the widget changes its mind. A repeated or stale event leaves the state as it is. */
export function nextWidgetState(state: WidgetState, event: WidgetEvent): WidgetState {
  const { session } = state;
  switch (event.kind) {
    case 'session-slow':
      return session.phase === 'starting' ? { ...state, session: { phase: 'starting', isSlow: true } } : state;
    case 'session-refused':
      return { ...state, session: toRefusal(event.code) };
    case 'session-retried':
      return session.phase === 'failed' ? { ...state, session: { phase: 'starting', isSlow: false } } : state;
    case 'session-started':
      return afterStart(state, event);
    case 'connection-lost':
      return session.phase === 'known' ? { ...state, session: { ...session, isCutOff: true } } : state;
    case 'availability-changed':
      return session.phase === 'known'
        ? { ...state, session: { ...session, availability: event.availability } }
        : state;
    case 'conversation-changed':
      return afterChange(state, event.conversation);
    case 'queue-changed': {
      if (session.phase !== 'known' || session.conversation?.conversationId !== event.conversationId) return state;
      if (session.conversation.phase !== 'waiting') return state;
      const queue = toNewerQueue(session.conversation.queue, event.queue);
      return { ...state, session: { ...session, conversation: { ...session.conversation, queue } } };
    }
    case 'call-changed':
      return afterCallChange(state, event.call);
    case 'share-changed':
      return afterShareChange(state, event.share);
    case 'profile-learnt':
      return session.phase === 'known' ? { ...state, session: { ...session, profile: event.profile } } : state;
    case 'forgotten':
      // How the forgotten person's conversation ended is nobody else's business.
      return session.phase === 'known' ? dropEnded({ ...state, session: { ...session, profile: null } }) : state;
    case 'opened': {
      const step: Step = event.modality === undefined ? state.step : { at: 'form', modality: event.modality };
      return withPossibleStep({ ...state, isOpen: true, isHiddenByPage: false, step });
    }
    case 'popped-out':
      return state.isPoppedOut && state.isOpen ? state : { ...state, isOpen: true, isPoppedOut: true };
    case 'brought-back':
      return state.isPoppedOut ? { ...state, isPoppedOut: false } : state;
    case 'closed':
      // The page has no say over a window of the visitor's.
      if (state.isPoppedOut) return state;
      // What has been read to its end is put away with the panel.
      return {
        ...dropEnded(state),
        isOpen: false,
        step: state.step.at === 'message-left' ? { at: 'home' } : state.step,
      };
    case 'hidden-by-page':
      return { ...state, isHiddenByPage: true };
    case 'shown-by-page':
      return { ...state, isHiddenByPage: false };
    case 'modality-chosen':
      return { ...state, step: { at: 'form', modality: event.modality } };
    case 'leave-message-chosen':
      return { ...dropEnded(state), step: { at: 'leave-message' } };
    case 'message-left':
      return { ...state, step: { at: 'message-left' } };
    case 'went-home':
      return { ...dropEnded(state), step: { at: 'home' } };
  }
}

function toRefusal(code: ErrorCode): Session {
  return code === 'unknown-site' || code === 'wrong-origin' ? { phase: 'refused' } : { phase: 'failed', code };
}

function afterStart(state: WidgetState, event: Extract<WidgetEvent, { kind: 'session-started' }>): WidgetState {
  const { site, availability, profile, conversation } = event;
  const held = state.session.phase === 'known' ? state.session.conversation : null;
  const told: WidgetState = {
    ...state,
    session: { phase: 'known', site, availability, profile, conversation: held, isCutOff: false },
  };
  // The page may have asked for a way to talk before anything was known of the site.
  const known = state.session.phase === 'known' ? told : withPossibleStep(told);
  // What ended while this page was away ends here too, even when the server no longer mentions it.
  if (conversation === null) return held !== null && isRunning(held) ? afterChange(known, toLost(held)) : known;
  if (isRunning(conversation) || conversation.conversationId === held?.conversationId) {
    // What ended while this page was away is not in the list any more.
    return withShares(afterChange(known, conversation), (shares) =>
      shares.filter(({ shareId }) => conversation.shares.some((told) => told.shareId === shareId)),
    );
  }
  const isWorthShowing = !wasLeftUnserved(conversation) && conversation.conversationId !== state.dismissedId;
  return isWorthShowing ? withConversation(known, conversation) : known;
}

function toLost(conversation: ConversationView): ConversationView {
  return {
    ...conversation,
    phase: 'ended',
    endReason: conversation.endReason ?? 'visitor-left',
    queue: null,
    call: null,
    shares: [],
  };
}

function afterChange(state: WidgetState, conversation: ConversationView): WidgetState {
  if (state.session.phase !== 'known') return state;
  const held = state.session.conversation;
  if (held?.conversationId === conversation.conversationId) {
    if (conversation.revision < held.revision) return state;
    if (wasLeftUnserved(conversation)) return withConversation(state, null);
    const call = toNewerCall(held.call, conversation.call);
    const shares = isRunning(conversation) ? conversation.shares.reduce(withShare, held.shares) : [];
    const queue = toNewerQueue(held.queue, conversation.queue);
    return withConversation(state, { ...conversation, queue, call, shares });
  }
  // Late news of one that is over or put away already; or, in a second tab, the visitor has started another.
  if (!isRunning(conversation)) return state;
  const isHeldNewer = held !== null && isRunning(held) && held.queuedAt > conversation.queuedAt;
  return isHeldNewer ? state : withConversation(state, conversation);
}

/** Calls change far more often than their conversation, so they come on their own as well. */
function afterCallChange(state: WidgetState, call: CallView): WidgetState {
  if (state.session.phase !== 'known') return state;
  const { conversation } = state.session;
  if (conversation === null || conversation.conversationId !== call.conversationId) return state;
  const newer = toNewerCall(conversation.call, call);
  if (newer === conversation.call) return state;
  return { ...state, session: { ...state.session, conversation: { ...conversation, call: newer } } };
}

/** Two reads of one queue are never this far apart on their way; then the server's clock was set back. */
const MAX_DETOUR_MS = 60_000;

/** The place in the queue comes as news of its own and within the conversation, on ways of different lengths. */
function toNewerQueue(held: QueueView | null, told: QueueView | null): QueueView | null {
  if (held?.readAt === undefined || told?.readAt === undefined) return told;
  const isStale = told.readAt < held.readAt && held.readAt - told.readAt < MAX_DETOUR_MS;
  return isStale ? held : told;
}

function toNewerCall(held: CallView | null, told: CallView | null): CallView | null {
  if (held === null || told === null) return told;
  const isStale = held.callId === told.callId ? told.revision < held.revision : told.proposedAt < held.proposedAt;
  return isStale ? held : told;
}

/** Shares change on their own; one that has ended stays known, so that late news does not bring it back. */
function afterShareChange(state: WidgetState, share: ShareView): WidgetState {
  if (state.session.phase !== 'known') return state;
  if (state.session.conversation?.conversationId !== share.conversationId) return state;
  return withShares(state, (shares) => withShare(shares, share));
}

function withShares(state: WidgetState, change: (shares: ShareView[]) => ShareView[]): WidgetState {
  if (state.session.phase !== 'known' || state.session.conversation === null) return state;
  const { conversation } = state.session;
  const shares = change(conversation.shares);
  if (shares === conversation.shares) return state;
  return { ...state, session: { ...state.session, conversation: { ...conversation, shares } } };
}

/** At most one of each kind: the later one, as it was told last. */
function withShare(shares: ShareView[], told: ShareView): ShareView[] {
  const held = shares.find(({ kind }) => kind === told.kind);
  if (held === undefined) return [...shares, told];
  const isStale = held.shareId === told.shareId ? told.revision < held.revision : told.askedAt < held.askedAt;
  return isStale ? shares : shares.map((share) => (share === held ? told : share));
}

/** The visitor shows something to somebody, or has paused it. */
function isSharing({ session }: WidgetState): boolean {
  if (session.phase !== 'known' || session.conversation === null || !isRunning(session.conversation)) return false;
  return session.conversation.shares.some(({ phase }) => phase !== 'asked' && phase !== 'ended');
}

/** A conversation takes the screen over, except that a message may be written and left while waiting. */
function withConversation(state: WidgetState, conversation: ConversationView | null): WidgetState {
  if (state.session.phase !== 'known') return state;
  const isLeavingMessage = state.step.at === 'leave-message' || state.step.at === 'message-left';
  const keepsStep = isLeavingMessage && (conversation === null || conversation.phase === 'waiting');
  return {
    ...state,
    step: keepsStep ? state.step : { at: 'home' },
    session: { ...state.session, conversation },
  };
}

/** "Start a new conversation": the ended one leaves the screen. */
function dropEnded(state: WidgetState): WidgetState {
  const { session } = state;
  if (session.phase !== 'known' || session.conversation?.phase !== 'ended') return state;
  return {
    ...state,
    dismissedId: session.conversation.conversationId,
    session: { ...session, conversation: null },
  };
}

export type ButtonLabel = 'live-help' | 'leave-message';
/** What stands in the open panel. */
export type PanelScreen =
  | { at: 'loading'; isSlow: boolean }
  | { at: 'failed'; code: ErrorCode }
  | { at: 'home' }
  | { at: 'form'; modality: Modality }
  | { at: 'leave-message' }
  | { at: 'message-left' }
  | { at: 'waiting'; conversation: ConversationView }
  | { at: 'conversation'; conversation: ConversationView }
  | { at: 'ended'; conversation: ConversationView };
/** What is to be seen right now. */
export type Screen = { at: 'nothing' } | { at: 'button'; label: ButtonLabel } | { at: 'panel'; panel: PanelScreen };

/** Everything on screen follows from the state, so a reload, a second tab and a reconnection land at the same place. */
export function toScreen(state: WidgetState): Screen {
  // While something is shared, the way to end it stays on the screen, whatever the page wishes (B2).
  const isHidden = state.isHiddenByPage && !isSharing(state);
  if (isHidden || state.session.phase === 'refused') return { at: 'nothing' };
  if (state.isPoppedOut) return { at: 'button', label: 'live-help' };
  return state.isOpen ? { at: 'panel', panel: toPanelScreen(state) } : toButton(state.session);
}

/** What the panel holds, open or not: a call goes on in it while it is minimised. */
export function toPanelScreen({ session, step }: WidgetState): PanelScreen {
  if (session.phase === 'failed') return { at: 'failed', code: session.code };
  if (session.phase !== 'known') return { at: 'loading', isSlow: session.phase === 'starting' && session.isSlow };
  const { conversation } = session;
  if (conversation?.phase === 'active' || conversation?.phase === 'held') return { at: 'conversation', conversation };
  if (step.at === 'leave-message' || step.at === 'message-left') return step;
  if (conversation?.phase === 'waiting') return { at: 'waiting', conversation };
  if (conversation?.phase === 'ended') return { at: 'ended', conversation };
  if (step.at === 'form') return step;
  return canOnlyLeaveMessage(session) ? { at: 'leave-message' } : { at: 'home' };
}

/** A page can only ask for what its site offers, while somebody is there; otherwise the visitor is told how things are. */
function withPossibleStep(state: WidgetState): WidgetState {
  const { session, step } = state;
  if (session.phase !== 'known' || step.at !== 'form') return state;
  const isPossible = session.availability.isAvailable && session.site.modalities.includes(step.modality);
  return isPossible ? state : { ...state, step: { at: 'home' } };
}

type KnownSession = Extract<Session, { phase: 'known' }>;

function toButton(session: Session): Screen {
  if (session.phase !== 'known') return { at: 'nothing' };
  // An ended one stays reachable until its last words have been on the screen.
  if (session.conversation !== null) return { at: 'button', label: 'live-help' };
  if (session.isCutOff) return { at: 'nothing' };
  if (session.availability.isAvailable) return { at: 'button', label: 'live-help' };
  return canOnlyLeaveMessage(session) ? { at: 'button', label: 'leave-message' } : { at: 'nothing' };
}

function canOnlyLeaveMessage({ site, availability }: KnownSession): boolean {
  return !availability.isAvailable && site.whenUnavailable === 'leave-message';
}
