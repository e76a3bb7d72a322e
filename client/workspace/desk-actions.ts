import type { AgentStatus } from '../../protocol/accounts.ts';
import type { LeftMessageView } from '../../protocol/conversations.ts';
import type { CallId, ConversationId, Modality, OfferId, ShareId } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import type { ShareGrantName, ShareKind } from '../../protocol/sharing.ts';
import { isPassing, toRequestError } from '../connection/request-error.ts';
import type { AgentConnection, Desk } from './desk.ts';
import { toFaultText } from './fault-words.ts';
import type { FaultText } from './fault-words.ts';

export interface DeskActions {
  setStatus(status: AgentStatus): Promise<void>;
  setAvailability(isAvailable: boolean): Promise<void>;
  setAutoAway(minutes: number | null): Promise<void>;
  reportActivity(isIdle: boolean): void;
  acceptOffer(offerId: OfferId): Promise<void>;
  declineOffer(offerId: OfferId): Promise<void>;
  queueOffer(offerId: OfferId): Promise<void>;
  takeRequest(conversationId: ConversationId): Promise<void>;
  endConversation(conversationId: ConversationId): Promise<void>;
  proposeCall(conversationId: ConversationId, modality: Exclude<Modality, 'text'>): Promise<void>;
  listLeftMessages(): Promise<readonly LeftMessageView[] | null>;
  resolveLeftMessage(leftMessageId: string): Promise<boolean>;
  declineCall(callId: CallId): Promise<void>;
  /** Takes back a call that still rings at the visitor. */
  cancelCall(callId: CallId): Promise<void>;
  /** Asks the visitor to share the page or the screen. */
  requestShare(conversationId: ConversationId, kind: ShareKind): Promise<void>;
  requestGrant(shareId: ShareId, grant: ShareGrantName): Promise<void>;
  /** Takes back a question, or ends what is shared. */
  endShare(shareId: ShareId): Promise<void>;
}

export interface DeskActionsOptions {
  connection: Pick<AgentConnection, 'request'>;
  desk: Pick<Desk, 'apply'>;
  /** Says in plain words why something did not happen. */
  tell: (text: FaultText) => void;
  /** An accepted conversation is the one to look at, and its call belongs to this tab. */
  showAccepted: (conversationId: ConversationId) => void;
  /**
   * "Accept" was clicked and its answer is on the way: a call that is prepared is entered meanwhile. Fulfilled when the
   * conversation had better be shown, at once where there is no call.
   */
  enterCallOf: (offerId: OfferId, accepted: Promise<unknown>) => Promise<void>;
  /** A call that this tab proposed. */
  claimCall: (call: CallView) => void;
}

/** What an agent can do at the desk. None of these throws: what goes wrong is told to the person. */
export function createDeskActions({
  connection,
  desk,
  tell,
  showAccepted,
  enterCallOf,
  claimCall,
}: DeskActionsOptions): DeskActions {
  const { request } = connection;

  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await work();
    } catch (thrown) {
      tell(toFaultText(toRequestError(thrown).code));
      return null;
    }
  };

  /** Closes the card once the server has answered for good; with no answer at all the request still rings here. */
  const answerOffer = async <Result>(offerId: OfferId, work: () => Promise<Result>): Promise<Result | null> => {
    try {
      const answer = await work();
      desk.apply({ kind: 'offer-closed', offerId });
      return answer;
    } catch (thrown) {
      const { code } = toRequestError(thrown);
      if (!isPassing(code)) desk.apply({ kind: 'offer-closed', offerId });
      tell(toFaultText(code));
      return null;
    }
  };

  return {
    async setStatus(status) {
      const answer = await attempt(() => request('agent:set-status', { status }));
      if (answer) desk.apply({ kind: 'agent-changed', agent: answer.agent });
    },
    async setAvailability(isAvailable) {
      const answer = await attempt(() => request('agent:set-availability', { isAvailable }));
      if (answer) desk.apply({ kind: 'agent-changed', agent: answer.agent });
    },
    async setAutoAway(minutes) {
      const answer = await attempt(() => request('agent:set-auto-away', { minutes }));
      if (answer) desk.apply({ kind: 'agent-changed', agent: answer.agent });
    },
    reportActivity(isIdle) {
      // Nobody asked for this, so nobody is told when it fails; it is repeated on the next connection.
      request('agent:report-activity', { isIdle }).then(
        ({ agent }) => desk.apply({ kind: 'agent-changed', agent }),
        () => undefined,
      );
    },
    async acceptOffer(offerId) {
      const accepted = request('routing:accept-offer', { offerId });
      const entered = enterCallOf(offerId, accepted);
      const answer = await answerOffer(offerId, () => accepted);
      if (!answer) return;
      await entered;
      desk.apply({ kind: 'conversation-changed', conversation: answer.conversation });
      showAccepted(answer.conversation.conversationId);
    },
    async declineOffer(offerId) {
      await answerOffer(offerId, () => request('routing:decline-offer', { offerId }));
    },
    async queueOffer(offerId) {
      await answerOffer(offerId, () => request('routing:queue-offer', { offerId }));
    },
    async takeRequest(conversationId) {
      const answer = await attempt(() => request('routing:take-request', { conversationId }));
      if (!answer) return;
      desk.apply({ kind: 'conversation-changed', conversation: answer.conversation });
      showAccepted(conversationId);
    },
    async endConversation(conversationId) {
      await attempt(() => request('conversation:end-conversation', { conversationId }));
    },
    async proposeCall(conversationId, modality) {
      const answer = await attempt(() => request('call:propose-call', { conversationId, modality }));
      if (!answer) return;
      claimCall(answer.call);
      desk.apply({ kind: 'call-changed', call: answer.call });
    },
    async declineCall(callId) {
      await attempt(() => request('call:decline-call', { callId }));
    },
    async cancelCall(callId) {
      await attempt(() => request('call:hang-up', { callId }));
    },
    async requestShare(conversationId, kind) {
      const answer = await attempt(() => request('share:request-share', { conversationId, kind }));
      if (answer) desk.apply({ kind: 'share-changed', share: answer.share });
    },
    async requestGrant(shareId, grant) {
      const answer = await attempt(() => request('share:request-grant', { shareId, grant }));
      if (answer) desk.apply({ kind: 'share-changed', share: answer.share });
    },
    async endShare(shareId) {
      await attempt(() => request('share:end-share', { shareId }));
    },
    async listLeftMessages() {
      const answer = await attempt(() => request('conversation:list-left-messages', {}));
      return answer?.leftMessages ?? null;
    },
    async resolveLeftMessage(leftMessageId) {
      return (await attempt(() => request('conversation:resolve-left-message', { leftMessageId }))) !== null;
    },
  };
}
