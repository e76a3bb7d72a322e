import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { askForHelp, nextOffer, openAgain, openReadyAgent, openVisitor } from '../_support/story.ts';

describe('the form before a conversation', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({
      sites: [
        { key: 'clinic', name: 'Clinic', form: { email: 'required' }, disclaimer: { version: '2025-06' } },
        {
          key: 'shop',
          name: 'Shop',
          modalities: ['text'],
          form: {
            fields: [
              { key: 'order', label: { en: 'Order number', de: 'Bestellnummer' }, isRequired: true, maxLength: 8 },
            ],
          },
        },
      ],
    });
  });
  afterEach(() => server.close());

  const typed = (change: object = {}) => ({
    clientRequestId: randomUUID(),
    modality: 'text' as const,
    name: 'Grace Hofer',
    agreedTextVersion: '1',
    ...change,
  });

  test.each([
    ['Bo', { field: 'name', fault: 'name-too-short', minLength: 3 }],
    ['Bob!', { field: 'name', fault: 'name-refused-characters', characters: ['!'] }],
    ['x'.repeat(81), { field: 'name', fault: 'name-too-long', maxLength: 80 }],
  ])('[VF1] the name %s is refused at the door too, and the answer names the fault', async (name, details) => {
    await openReadyAgent(server);
    const visitor = await openVisitor(server);
    await expect(visitor.request('conversation:start-conversation', typed({ name }))).rejects.toMatchObject({
      code: 'invalid-name',
      details,
    });
    expect(await server.read((db) => db.selectFrom('conversations').selectAll().execute())).toEqual([]);
  });

  test('[VF1] the name is stored in composed letters without disguises and is what the agent reads', async () => {
    const agent = await openReadyAgent(server);
    await askForHelp(await openVisitor(server), { name: '  Zoe\u0308\u202e   Lind ' });
    expect((await nextOffer(agent)).request.visitor.name).toBe('Zoë Lind');
  });

  test('[VF2] a site may require the e-mail address, and an incomplete one is refused anywhere', async () => {
    await openReadyAgent(server, { siteKey: 'clinic' });
    const visitor = await openVisitor(server, { siteKey: 'clinic' });
    for (const email of [undefined, '', 'grace@']) {
      await expect(
        visitor.request('conversation:start-conversation', typed({ email, agreedTextVersion: '2025-06' })),
      ).rejects.toMatchObject({ code: 'bad-input', details: { field: 'email' } });
    }
    const conversation = await askForHelp(visitor, { email: 'grace@example.com' });
    expect(conversation.phase).toBe('waiting');
  });

  test("[VF2] the site's own fields are checked, and the agent’s page gets them with their labels in each language", async () => {
    const agent = await openReadyAgent(server, { siteKey: 'shop' });
    const visitor = await openVisitor(server, { siteKey: 'shop' });
    const start = (fields: Record<string, string>) =>
      visitor.request('conversation:start-conversation', typed({ fields }));
    await expect(start({})).rejects.toMatchObject({ code: 'bad-input', details: { field: 'order' } });
    await expect(start({ order: '123456789' })).rejects.toMatchObject({
      code: 'bad-input',
      details: { field: 'order', maxLength: 8 },
    });
    await start({ order: ' A-17 ', unknown: 'is dropped' });
    expect((await nextOffer(agent)).request.visitor.fields).toEqual([
      { label: 'Order number', labels: { en: 'Order number', de: 'Bestellnummer' }, value: 'A-17' },
    ]);
  });

  test('[VF3] nobody starts without having agreed to the text that stands there now', async () => {
    await openReadyAgent(server, { siteKey: 'clinic' });
    const visitor = await openVisitor(server, { siteKey: 'clinic' });
    await expect(
      visitor.request('conversation:start-conversation', typed({ email: 'grace@example.com' })),
    ).rejects.toMatchObject({ code: 'consent-required', details: { textVersion: '2025-06' } });
  });

  test('[VF3] time, text version and modality of the agreement are stored and shown to the agent', async () => {
    const agent = await openReadyAgent(server, { siteKey: 'clinic' });
    const visitor = await openVisitor(server, { siteKey: 'clinic' });
    const askedAt = Date.now();
    const { conversationId } = await askForHelp(visitor, { modality: 'video', email: 'grace@example.com' });

    const consents = await server.read((db) => db.selectFrom('consents').selectAll().execute());
    expect(consents).toEqual([
      expect.objectContaining({
        visitorId: visitor.visitorId,
        siteId: visitor.session.site.siteId,
        conversationId,
        textVersion: '2025-06',
        modality: 'video',
      }),
    ]);
    const agreedAt = consents[0]?.agreedAt ?? 0;
    expect(agreedAt).toBeGreaterThanOrEqual(askedAt);
    expect(agreedAt).toBeLessThanOrEqual(Date.now());
    expect((await nextOffer(agent)).request.visitor.consent).toEqual({ agreedAt, textVersion: '2025-06' });
  });

  test('[V6] without a link of its own a site shows none, and the demo shop shows its own', async () => {
    const visitor = await openVisitor(server, { siteKey: 'shop' });
    expect(visitor.session.site.disclaimer.linkUrl).toBe('');
    const shopper = await openVisitor(server);
    expect(shopper.session.site.disclaimer.linkUrl).toBe('/demo/privacy.html');
  });

  test('[VF4] what was entered once is offered again in the same browser, until "Not you?"', async () => {
    await openReadyAgent(server);
    const visitor = await openVisitor(server);
    expect(visitor.session.profile).toBeNull();
    const { conversationId } = await askForHelp(visitor, { email: 'grace@example.com' });
    await expect(visitor.request('visitor:forget-me', {})).rejects.toMatchObject({ code: 'conversation-running' });
    await visitor.request('routing:leave-queue', { conversationId });

    const again = await openAgain(server, visitor);
    expect(again.session.profile).toEqual({ name: 'Grace Hofer', email: 'grace@example.com', fields: {} });
    const forgotten = await again.request('visitor:forget-me', {});
    expect(forgotten.visitorId).not.toBe(visitor.visitorId);
    const stranger = await openVisitor(server, { token: forgotten.visitorToken });
    expect(stranger.visitorId).toBe(forgotten.visitorId);
    expect(stranger.session.profile).toBeNull();
  });

  test('[VF4] the own fields of the site are remembered too, until "Not you?"', async () => {
    await openReadyAgent(server, { siteKey: 'shop' });
    const visitor = await openVisitor(server, { siteKey: 'shop' });
    const { conversation } = await visitor.request(
      'conversation:start-conversation',
      typed({ fields: { order: ' A-17 ' } }),
    );
    await visitor.request('routing:leave-queue', { conversationId: conversation.conversationId });
    const again = await openAgain(server, visitor, { siteKey: 'shop' });
    expect(again.session.profile).toMatchObject({ fields: { order: 'A-17' } });
    const { visitorToken } = await again.request('visitor:forget-me', {});
    const stranger = await openVisitor(server, { siteKey: 'shop', token: visitorToken });
    expect(stranger.session.profile).toBeNull();
  });

  test('[VF5] only what the site offers can be asked for', async () => {
    await openReadyAgent(server, { siteKey: 'shop' });
    const visitor = await openVisitor(server, { siteKey: 'shop' });
    await expect(
      visitor.request('conversation:start-conversation', typed({ modality: 'video', fields: { order: '1' } })),
    ).rejects.toMatchObject({ code: 'modality-not-offered', details: { offered: ['text'] } });
  });

  test('[VF5] nobody can ask while nobody could take the request', async () => {
    const visitor = await openVisitor(server);
    await expect(askForHelp(visitor)).rejects.toMatchObject({ code: 'nobody-available' });
    const agent = await openReadyAgent(server);
    await agent.request('agent:set-status', { status: 'busy' });
    await expect(askForHelp(visitor)).rejects.toMatchObject({ code: 'nobody-available' });
  });
});
