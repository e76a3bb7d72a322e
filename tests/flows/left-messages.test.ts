import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { nextOffer, openReadyAgent, openVisitor, openWorkspace, waitingVisitor } from '../_support/story.ts';
import type { VisitorPage } from '../_support/story.ts';

describe('"Leave a message"', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ sites: [{ key: 'bank', name: 'Bank' }] });
  });
  afterEach(() => server.close());

  const leave = (visitor: VisitorPage, change: object = {}) =>
    visitor.request('conversation:leave-message', {
      clientRequestId: randomUUID(),
      name: 'Grace Hofer',
      email: 'grace@example.com',
      text: 'Please call me back.',
      agreedTextVersion: '1',
      ...change,
    });

  test('[LM1] while nobody can take a request a visitor leaves a message, and the agents of the site find it', async () => {
    const visitor = await openVisitor(server);
    expect(visitor.session.site.whenUnavailable).toBe('leave-message');
    await leave(visitor);
    const agent = await openWorkspace(server, await server.addAgent());
    expect(agent.session.openLeftMessages).toBe(1);
    const { leftMessages } = await agent.request('conversation:list-left-messages', {});
    expect(leftMessages).toEqual([
      expect.objectContaining({
        name: 'Grace Hofer',
        email: 'grace@example.com',
        text: 'Please call me back.',
        siteName: 'Demo shop',
      }),
    ]);
  });

  test('[LM2] agents of another site neither see nor count nor resolve it', async () => {
    const banker = await openWorkspace(server, await server.addAgent({ siteKey: 'bank' }));
    const agent = await openWorkspace(server, await server.addAgent());
    await leave(await openVisitor(server));
    await agent.nextEvent('conversation:left-messages-changed', (event) => event.openCount === 1);
    const [left] = (await agent.request('conversation:list-left-messages', {})).leftMessages;
    const leftMessageId = left!.leftMessageId;
    expect(await banker.request('conversation:list-left-messages', {})).toEqual({ leftMessages: [] });
    await expect(banker.request('conversation:resolve-left-message', { leftMessageId })).rejects.toMatchObject({
      code: 'not-found',
    });
    await leave(await openVisitor(server, { siteKey: 'bank' }));
    expect(await banker.nextEvent('conversation:left-messages-changed')).toEqual({ openCount: 1 });
    expect(banker.heard('conversation:left-messages-changed')).toHaveLength(1);
  });

  test('[LM3] a resolved message is open for nobody any more, and resolving twice is harmless', async () => {
    const [ada, ben] = [
      await openWorkspace(server, await server.addAgent({ name: 'Ada' })),
      await openWorkspace(server, await server.addAgent({ name: 'Ben' })),
    ];
    await leave(await openVisitor(server));
    await ben.nextEvent('conversation:left-messages-changed', (event) => event.openCount === 1);
    const [left] = (await ada.request('conversation:list-left-messages', {})).leftMessages;
    const leftMessageId = left!.leftMessageId;
    await ada.request('conversation:resolve-left-message', { leftMessageId });
    await ben.nextEvent('conversation:left-messages-changed', (event) => event.openCount === 0);
    await ben.request('conversation:resolve-left-message', { leftMessageId });
    expect(await ben.request('conversation:list-left-messages', {})).toEqual({ leftMessages: [] });
  });

  test('[LM4] sending it twice stores it once, with the agreement it was sent under', async () => {
    const visitor = await openVisitor(server);
    const clientRequestId = randomUUID();
    await Promise.all([1, 2, 3].map(() => leave(visitor, { clientRequestId })));
    const agent = await openWorkspace(server, await server.addAgent());
    expect(agent.session.openLeftMessages).toBe(1);
    const consents = await server.read((db) => db.selectFrom('consents').selectAll().execute());
    expect(consents).toEqual([
      expect.objectContaining({ modality: 'message', conversationId: null, textVersion: '1' }),
    ]);
  });

  test('[LM5] name, e-mail, text and agreement are checked as in the form', async () => {
    const visitor = await openVisitor(server);
    await expect(leave(visitor, { name: 'B@b' })).rejects.toMatchObject({ code: 'invalid-name' });
    await expect(leave(visitor, { email: 'grace' })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(leave(visitor, { text: '   ' })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(leave(visitor, { agreedTextVersion: '0' })).rejects.toMatchObject({ code: 'consent-required' });
  });

  test('[LM1] a visitor whom an agent has queued may leave a message and go', async () => {
    const agent = await openReadyAgent(server);
    const { visitor, conversationId } = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent);
    await agent.request('routing:queue-offer', { offerId });
    await visitor.nextEvent('routing:queue-changed', (event) => event.queue.isAgentBusy);
    await leave(visitor);
    await visitor.request('routing:leave-queue', { conversationId });
    await agent.nextEvent('conversation:left-messages-changed', (event) => event.openCount === 1);
    await agent.nextEvent('routing:queue-updated', (event) => event.queue.length === 0);
  });
});
