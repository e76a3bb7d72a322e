import type { CallId } from '../../../protocol/ids.ts';
import type { CallModality, TrackSource } from '../../../protocol/media.ts';
import type { CallWorld, Page } from './call-world.ts';
import { browserCapabilities, rtpParametersOf, someDtlsParameters } from './browser-rtp.ts';

type TalkModality = Exclude<CallModality, 'screen'>;

/** A call that both sides have agreed on; nobody has joined yet. */
export async function acceptedCall(world: CallWorld, modality: TalkModality = 'video') {
  const visitor = world.page('visitor');
  const agent = world.page('agent');
  const { handlers } = world.service;
  const { call } = await handlers['call:propose-call'](
    { conversationId: world.conversationId, modality },
    visitor.caller,
  );
  await handlers['call:accept-call']({ callId: call.callId }, agent.caller);
  return { callId: call.callId, visitor, agent };
}

export function join(world: CallWorld, callId: CallId, page: Page, takeOver = false) {
  return world.service.handlers['call:join-call']({ callId, clientId: page.clientId, takeOver }, page.caller);
}
export type Joined = Awaited<ReturnType<typeof join>>;

/** A call with both sides in it, able to send and to receive. */
export async function liveCall(world: CallWorld, modality: TalkModality = 'video') {
  const { callId, visitor, agent } = await acceptedCall(world, modality);
  const [atVisitor, atAgent] = await Promise.all([join(world, callId, visitor), join(world, callId, agent)]);
  for (const page of [visitor, agent]) await receiveTracks(world, callId, page);
  return { callId, visitor, agent, atVisitor, atAgent };
}

export function receiveTracks(world: CallWorld, callId: CallId, page: Page) {
  return world.service.handlers['call:receive-tracks'](
    { callId, clientId: page.clientId, rtpCapabilities: browserCapabilities() },
    page.caller,
  );
}

export function publish(
  world: CallWorld,
  callId: CallId,
  page: Page,
  joined: Joined,
  source: TrackSource,
  isPaused = false,
) {
  return world.service.handlers['call:publish-track'](
    {
      callId,
      clientId: page.clientId,
      transportId: joined.sendTransport.transportId,
      source,
      kind: source === 'camera' || source === 'screen' ? 'video' : 'audio',
      rtpParameters: rtpParametersOf(source),
      isPaused,
    },
    page.caller,
  );
}

export function connect(world: CallWorld, callId: CallId, page: Page, transportId: string) {
  return world.service.handlers['call:connect-transport'](
    { callId, clientId: page.clientId, transportId, dtlsParameters: someDtlsParameters() },
    page.caller,
  );
}

/** The wire code that a refused request carries. */
export async function codeOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return 'no-error';
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
  }
}
