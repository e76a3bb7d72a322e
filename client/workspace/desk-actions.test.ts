import { expect, test } from 'vitest';
import type { AgentRequests, InputOf, OutputOf } from '../../protocol/contract.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { CallId, ConversationId, OfferId } from '../../protocol/ids.ts';
import type { Ask } from '../connection/connection.ts';
import { RequestError } from '../connection/request-error.ts';
import { createDeskActions } from './desk-actions.ts';
import { agentAda, callOf, conversationOf, offerOf } from './desk-fixtures.ts';
import type { DeskEvent } from './desk-state.ts';
import type { FaultText } from './fault-words.ts';

type Answers = { [Name in keyof AgentRequests]?: OutputOf<AgentRequests, Name> };

/** A desk whose server gives the prepared answers, or refuses everything with one code. */
function deskWith(server: Answers | ErrorCode) {
  const asked: { name: string; input: unknown }[] = [];
  const applied: DeskEvent[] = [];
  const told: FaultText[] = [];
  const shown: ConversationId[] = [];
  const claimed: CallId[] = [];
  const entered: OfferId[] = [];
  const request: Ask<AgentRequests> = async <Name extends keyof AgentRequests & string>(
    name: Name,
    input: InputOf<AgentRequests, Name>,
  ) => {
    asked.push({ name, input });
    if (typeof server === 'string') throw new RequestError({ code: server, message: 'No.' });
    return server[name] as OutputOf<AgentRequests, Name>;
  };
  const actions = createDeskActions({
    connection: { request },
    desk: { apply: (event) => applied.push(event) },
    tell: (text) => told.push(text),
    showAccepted: (conversationId) => shown.push(conversationId),
    enterCallOf: async (offerId) => void entered.push(offerId),
    claimCall: (call) => claimed.push(call.callId),
  });
  return { actions, asked, applied, told, shown, claimed, entered };
}

const { offerId } = offerOf(1);
const conversation = conversationOf(1);

test('[A4] "Accept" opens the conversation and takes the card away', async () => {
  const { actions, applied, shown, told, entered } = deskWith({ 'routing:accept-offer': { conversation } });
  await actions.acceptOffer(offerId);
  expect(entered).toEqual([offerId]);
  expect(applied.map((event) => event.kind)).toEqual(['offer-closed', 'conversation-changed']);
  expect(shown).toEqual([conversation.conversationId]);
  expect(told).toEqual([]);
});

test('[A4] a lost race is told in plain words and the card goes', async () => {
  const { actions, applied, shown, told } = deskWith('request-taken');
  await actions.acceptOffer(offerId);
  expect(told).toEqual(['offerTaken']);
  expect(applied).toEqual([{ kind: 'offer-closed', offerId }]);
  expect(shown).toEqual([]);
});

test('[A4] a visitor who left meanwhile is told as that', async () => {
  const { actions, told } = deskWith('visitor-left');
  await actions.acceptOffer(offerId);
  expect(told).toEqual(['visitorGone']);
});

test('[A4] without an answer of the server the request keeps ringing', async () => {
  const { actions, applied, told } = deskWith('timeout');
  await actions.acceptOffer(offerId);
  await actions.declineOffer(offerId);
  expect(applied).toEqual([]);
  expect(told).toEqual(['failTimeout', 'failTimeout']);
});

test('[A4] "Decline" and "Queue" take the card away and open nothing', async () => {
  const { actions, asked, shown } = deskWith({ 'routing:decline-offer': {}, 'routing:queue-offer': {} });
  await actions.declineOffer(offerId);
  await actions.queueOffer(offerId);
  expect(asked).toEqual([
    { name: 'routing:decline-offer', input: { offerId } },
    { name: 'routing:queue-offer', input: { offerId } },
  ]);
  expect(shown).toEqual([]);
});

test('[A2] a new status shows as soon as the server has it', async () => {
  const { actions, applied } = deskWith({ 'agent:set-status': { agent: agentAda({ status: 'busy' }) } });
  await actions.setStatus('busy');
  expect(applied).toMatchObject([{ kind: 'agent-changed', agent: { status: 'busy' } }]);
});

test('[C6] an end that comes too late is told as that', async () => {
  const { actions, told } = deskWith('conversation-ended');
  await actions.endConversation(conversation.conversationId);
  expect(told).toEqual(['failEnded']);
});

test('[M3] a proposed call belongs to the tab that proposed it', async () => {
  const call = callOf(conversation.conversationId, { proposedBy: 'agent' });
  const { actions, claimed, applied } = deskWith({ 'call:propose-call': { call } });
  await actions.proposeCall(conversation.conversationId, 'voice');
  expect(claimed).toEqual([call.callId]);
  expect(applied).toEqual([{ kind: 'call-changed', call }]);
});
