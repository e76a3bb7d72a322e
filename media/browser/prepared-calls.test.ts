import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCall, settle, toConsumer } from './_support/call-scene.ts';
import { createFakeLinks } from './_support/fake-link.ts';
import { CALL_ID, createFakeSignalling, RefusedRequest } from './_support/fake-signalling.ts';
import { prepareLink, type PreparedLink } from './prepared-calls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function ringing(consumers = [toConsumer()]) {
  const wire = createFakeSignalling();
  const { openLink, links, settings } = createFakeLinks();
  const place = wire.answers['call:prepare-join'];
  wire.answers['call:prepare-join'] = async (input) => ({ ...(await place(input)), consumers });
  const prepare = () =>
    prepareLink({
      signalling: wire.signalling,
      callId: CALL_ID,
      modality: 'video',
      openLink,
      rtpCapabilities: { codecs: [] },
    });
  return { wire, links, settings, prepare };
}

/** A page that joins with what another part of it has prepared. */
async function joiningWith(prepared: PreparedLink) {
  const call = createCall({ takePrepared: () => prepared, findDecodable: () => ({ codecs: [] }) });
  const session = call.start();
  await settle();
  const asked = call.wire.asked.find(({ name }) => name === 'call:join-call')?.input;
  return { ...call, session, asked };
}

describe('a page at which a call rings', () => {
  test('[CA28] builds the tracks that are there, and those that come while it rings', async () => {
    const { wire, links, prepare } = await ringing();
    const prepared = await prepare();
    expect(links[0]?.isPrepared).toBe(true);
    expect(links[0]?.preparedSources).toEqual(['camera', 'microphone']);
    wire.say('call:tracks-added', {
      callId: CALL_ID,
      generation: 1,
      consumers: [toConsumer({ consumerId: 'consumer-2' })],
    });
    await settle();
    expect(prepared.listBuilt()).toEqual(['consumer-1', 'consumer-2']);
    wire.say('call:track-removed', { callId: CALL_ID, consumerId: 'consumer-1' });
    expect(prepared.listBuilt()).toEqual(['consumer-2']);
  });

  test('[CA28] joins with the link that stands, and names the tracks that may flow at once', async () => {
    const { links, prepare } = await ringing();
    const { session, asked, links: opened } = await joiningWith(await prepare());
    expect(asked).toMatchObject({ preparedConsumerIds: ['consumer-1'] });
    expect(opened).toEqual([]);
    expect(links[0]?.resumed).toEqual(['consumer-1']);
    expect(session.state.value.phase).toBe('connected');
    expect(session.remoteSeats.value[0]?.video).not.toBeNull();
    session.close();
    expect(links[0]?.isClosed).toBe(true);
  });

  test('[CA28] lets go of it when the server has made fresh transports, and opens those', async () => {
    const { wire, links, prepare } = await ringing();
    wire.server.generation = 7;
    const { session, links: opened } = await joiningWith(await prepare());
    expect(links[0]?.isClosed).toBe(true);
    expect(opened).toHaveLength(1);
    expect(session.state.value.phase).toBe('connected');
  });

  test('[CA28] lets go of it when the join is refused', async () => {
    const { links, prepare } = await ringing();
    const prepared = await prepare();
    const call = createCall({ takePrepared: () => prepared });
    call.wire.answers['call:join-call'] = () => Promise.reject(new RefusedRequest('forbidden'));
    call.start();
    await settle();
    expect(links[0]?.isClosed).toBe(true);
  });

  test('[CA28] is not joined with a link that was lost while it rang', async () => {
    const { links, prepare } = await ringing();
    const prepared = await prepare();
    const [lost] = links;
    if (!lost) throw new Error('No link was opened.');
    lost.health.value = 'down';
    await settle();
    expect(lost.isClosed).toBe(true);
    const { asked, links: opened } = await joiningWith(prepared);
    expect(asked).not.toHaveProperty('preparedConsumerIds');
    expect(opened).toHaveLength(1);
  });

  test('[CA28] leaves nothing listening when it cannot be prepared', async () => {
    const { wire, settings, prepare } = await ringing();
    settings.refusal = new Error('No connection.');
    await expect(prepare()).rejects.toThrow('No connection.');
    expect(wire.listenerCount()).toBe(0);
  });
});
