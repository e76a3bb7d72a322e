import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallId } from '../../protocol/ids.ts';
import { browserCapabilities, rtpParametersOf } from '../sfu/support/browser-rtp.ts';
import { findFreePort } from '../_support/free-port.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation } from '../_support/story.ts';

describe('a shared screen over real sockets', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ mediaWorkers: 1, rtcPort: await findFreePort() });
  });
  afterAll(() => server.close());

  test('[CA27] a page that goes on sending after END is cut off with the very answer to END', async () => {
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { share } = await visitor.request('share:share-screen', { conversationId, surface: 'window' });
    const callId = share.shareId as string as CallId;
    const page = { callId, clientId: crypto.randomUUID() };
    const joined = await visitor.request('call:join-call', page);
    expect(joined.call).toMatchObject({ modality: 'screen', phase: 'live' });
    const track = {
      ...page,
      transportId: joined.sendTransport.transportId,
      source: 'screen' as const,
      kind: 'video' as const,
      rtpParameters: rtpParametersOf('screen'),
    };
    const { producerId } = await visitor.request('call:publish-track', track);
    const look = { callId, clientId: crypto.randomUUID(), rtpCapabilities: browserCapabilities() };
    const looking = await agent.request('call:join-call', look);
    expect(looking.consumers.map(({ source }) => source)).toEqual(['screen']);

    await agent.request('share:end-share', { shareId: share.shareId });
    const refusals = await Promise.all(
      [
        visitor.request('call:publish-track', { ...track, rtpParameters: rtpParametersOf('screen') }),
        visitor.request('call:set-track-paused', { ...page, producerId, isPaused: false }),
        visitor.request('call:join-call', page),
        agent.request('call:receive-tracks', look),
        // Taking it up again would be to begin anew without a click.
        visitor.request('share:share-screen', { conversationId, shareId: share.shareId, surface: 'window' }),
      ].map((asked) =>
        asked.then(
          () => 'answered',
          (error: { code: string }) => error.code,
        ),
      ),
    );
    for (const code of refusals) expect(['call-ended', 'call-restarted', 'share-ended']).toContain(code);
  });

  test('[CA26] a question alone carries nothing, and only the sharer shows', async () => {
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { share } = await agent.request('share:request-share', { conversationId, kind: 'screen' });
    const page = { callId: share.shareId as string as CallId, clientId: crypto.randomUUID() };
    await expect(visitor.request('call:join-call', page)).rejects.toMatchObject({ code: 'not-found' });
    await visitor.request('share:share-screen', { conversationId, surface: 'window' });
    const joined = await agent.request('call:join-call', page);
    await expect(
      agent.request('call:publish-track', {
        ...page,
        transportId: joined.sendTransport.transportId,
        source: 'screen',
        kind: 'video',
        rtpParameters: rtpParametersOf('screen'),
      }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
