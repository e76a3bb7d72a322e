import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallId } from '../../protocol/ids.ts';
import { browserCapabilities } from './support/browser-rtp.ts';
import { codeOf, connect, join, publish, receiveTracks, type Joined } from './support/call-steps.ts';
import { createCallWorld, type CallWorld, type Page } from './support/call-world.ts';

let world: CallWorld;
let visitor: Page;
let agent: Page;
let callId: CallId;
let atVisitor: Joined;

beforeEach(async () => {
  world = await createCallWorld();
  visitor = world.page('visitor');
  agent = world.page('agent');
  world.startWaiting();
  await world.service.prepareCall(world.conversationId, 'video');
  const [record] = await world.store.listOpenCalls();
  if (!record) throw new Error('No call was prepared.');
  ({ callId } = record);
  atVisitor = await join(world, callId, visitor);
  await publish(world, callId, visitor, atVisitor, 'microphone');
  await publish(world, callId, visitor, atVisitor, 'camera');
  world.rungAgentId = agent.caller.personId;
});
afterEach(() => world.close());

const handlers = () => world.service.handlers;
const prepare = (page: Page) =>
  handlers()['call:prepare-join'](
    { callId, clientId: page.clientId, rtpCapabilities: browserCapabilities() },
    page.caller,
  );
const accept = () => {
  world.answer();
  return world.service.handleConversationAccepted(world.conversationId, 'video');
};
const joinPrepared = (page: Page, preparedConsumerIds: string[]) =>
  handlers()['call:join-call'](
    {
      callId,
      clientId: page.clientId,
      takeOver: false,
      rtpCapabilities: browserCapabilities(),
      preparedConsumerIds,
    },
    page.caller,
  );
const idsOf = ({ consumers }: { consumers: { consumerId: string }[] }) => consumers.map(({ consumerId }) => consumerId);
const TRANSPORTS_OF_THE_VISITOR = 2;

describe('a call that rings', () => {
  test('[CA28] is connected to ahead: transports and the tracks that are there, and no seat and no call for it', async () => {
    const place = await prepare(agent);
    expect(place.consumers.map(({ source }) => source)).toEqual(['microphone', 'camera']);
    expect(await codeOf(connect(world, callId, agent, place.receiveTransport.transportId))).toBe('no-error');
    const record = await world.store.findCall(callId);
    expect(record).toMatchObject({ phase: 'prepared' });
    expect(record?.seats).toHaveLength(1);
    expect(world.service.metrics()).toMatchObject({ seats: 1, transports: 4, consumers: 2, callsStarted: 0 });
  });

  test('[CA28] lets nothing flow and nothing in before the yes, whatever the page asks', async () => {
    const place = await prepare(agent);
    const page = { callId, clientId: agent.clientId };
    const asAgent = { ...atVisitor, ...place };
    const answers = await Promise.all([
      codeOf(handlers()['call:resume-consumers']({ ...page, consumerIds: idsOf(place) }, agent.caller)),
      codeOf(joinPrepared(agent, idsOf(place))),
      codeOf(receiveTracks(world, callId, agent)),
      codeOf(publish(world, callId, agent, asAgent, 'camera')),
      codeOf(handlers()['call:restart-ice']({ ...page, transportId: place.sendTransport.transportId }, agent.caller)),
    ]);
    expect(answers).toEqual(Array.from({ length: 5 }, () => 'not-found'));
    expect(world.service.metrics()).toMatchObject({ seats: 1, producers: 2 });
  });

  test('[CA28] is no call for an agent at whom it does not ring, nor for a stranger', async () => {
    world.rungAgentId = 'somebody else';
    expect(await codeOf(prepare(agent))).toBe('not-found');
    expect(await codeOf(prepare(world.stranger('visitor')))).toBe('not-found');
    expect(world.service.metrics()).toMatchObject({ transports: TRANSPORTS_OF_THE_VISITOR });
  });

  test('[CA15] a page connects what it prepared itself and nothing of another page', async () => {
    const place = await prepare(agent);
    const other = world.page('agent');
    const thief: Page = { clientId: agent.clientId, caller: world.stranger('agent').caller };
    expect(await codeOf(connect(world, callId, thief, place.receiveTransport.transportId))).not.toBe('no-error');
    expect(await codeOf(connect(world, callId, other, place.receiveTransport.transportId))).not.toBe('no-error');
    expect(await codeOf(connect(world, callId, agent, atVisitor.sendTransport.transportId))).toBe('not-found');
  });

  test('[CA28] gives the page that joins the very transports that it prepared', async () => {
    const place = await prepare(agent);
    await accept();
    const joined = await joinPrepared(agent, idsOf(place));
    expect(joined.receiveTransport.transportId).toBe(place.receiveTransport.transportId);
    expect(joined.sendTransport.transportId).toBe(place.sendTransport.transportId);
    expect(idsOf(joined)).toEqual(idsOf(place));
    expect(joined.call).toMatchObject({ phase: 'live' });
    expect(await codeOf(publish(world, callId, agent, joined, 'camera'))).toBe('no-error');
  });

  test('[CA28] gives fresh ones to a page of the same person that prepared nothing, and takes the others back', async () => {
    const place = await prepare(agent);
    await accept();
    const second = world.page('agent');
    const joined = await joinPrepared(second, idsOf(place));
    expect(joined.receiveTransport.transportId).not.toBe(place.receiveTransport.transportId);
    expect(world.service.metrics()).toMatchObject({ transports: 4 });
  });

  test('[CA15] refuses who names tracks with the join that are not its own, and lets them in with nothing', async () => {
    await prepare(agent);
    await accept();
    expect(await codeOf(joinPrepared(agent, ['g1.of-somebody-else']))).toBe('not-found');
    expect(world.service.metrics()).toMatchObject({ transports: TRANSPORTS_OF_THE_VISITOR });
  });

  test('[CA28] takes everything back when it no longer rings there, or when the page goes', async () => {
    await prepare(agent);
    await world.service.handleOfferClosed({
      conversationId: world.conversationId,
      agentId: agent.caller.personId,
    });
    expect(world.service.metrics()).toMatchObject({ transports: TRANSPORTS_OF_THE_VISITOR, consumers: 0 });
    await prepare(agent);
    await world.service.handleSocketGone(agent.caller.socketId);
    expect(world.service.metrics()).toMatchObject({ transports: TRANSPORTS_OF_THE_VISITOR, consumers: 0 });
  });

  test('[CA28] takes it back from the one at whom it rang when another agent takes the request', async () => {
    const rung = world.stranger('agent');
    world.rungAgentId = rung.caller.personId;
    await prepare(rung);
    await accept();
    expect(world.service.metrics()).toMatchObject({ transports: TRANSPORTS_OF_THE_VISITOR });
  });

  test('[CA28] leaves nothing behind for a page for which the ringing ended while it was being prepared', async () => {
    const place = prepare(agent);
    world.rungAgentId = null;
    expect(await codeOf(place)).toBe('not-found');
    expect(world.service.metrics()).toMatchObject({ transports: TRANSPORTS_OF_THE_VISITOR });
  });

  test('[CA16] keeps ready three pages of one person and not more', async () => {
    for (let count = 0; count < 5; count += 1) await prepare({ clientId: crypto.randomUUID(), caller: agent.caller });
    expect(world.service.metrics()).toMatchObject({ transports: TRANSPORTS_OF_THE_VISITOR + 3 * 2 });
  });

  test('[CA28] tells the page that is ready of tracks that come while it rings', async () => {
    await prepare(agent);
    const again = await join(world, callId, visitor);
    const { producerId } = await publish(world, callId, visitor, again, 'camera');
    const added = await world.nextTold('call:tracks-added');
    expect(added).toMatchObject({ to: agent.caller.socketId, payload: { consumers: [{ producerId }] } });
  });
});

test('[CA28] a proposed call is connected to ahead at both sides, and joined only once it is accepted', async () => {
  await accept();
  await handlers()['call:hang-up']({ callId }, visitor.caller);
  const { conversationId } = world;
  const { call } = await handlers()['call:propose-call']({ conversationId, modality: 'video' }, visitor.caller);
  ({ callId } = call);
  const [here, there] = [await prepare(visitor), await prepare(agent)];
  expect(await codeOf(joinPrepared(visitor, []))).toBe('invalid-transition');
  await handlers()['call:accept-call']({ callId }, agent.caller);
  const joined = await Promise.all([joinPrepared(visitor, []), joinPrepared(agent, [])]);
  expect(joined.map(({ receiveTransport }) => receiveTransport.transportId)).toEqual([
    here.receiveTransport.transportId,
    there.receiveTransport.transportId,
  ]);
});
