import { expect, test } from 'vitest';
import { createDesk } from './desk.ts';
import { conversationOf, NINE_OCLOCK, offerOf, sessionOf } from './desk-fixtures.ts';
import { scriptedConnection } from './testing/scripted-connection.ts';

test('[A4] a request that rings while the snapshot is on its way is not lost', async () => {
  const { connection, connect, tell } = scriptedConnection();
  const desk = createDesk(connection, () => NINE_OCLOCK);
  const opening = connect();
  tell('routing:offer-made', { offer: offerOf(1) });
  await opening.answer(sessionOf());
  expect(desk.state.value).toMatchObject({ phase: 'ready', offers: [{ offerId: offerOf(1).offerId }] });
});

test('[A4] a request answered elsewhere while the snapshot is on its way does not ring again', async () => {
  const { connection, connect, tell } = scriptedConnection();
  const desk = createDesk(connection, () => NINE_OCLOCK);
  const opening = connect();
  tell('routing:offer-closed', { offerId: offerOf(1).offerId, outcome: 'accepted' });
  await opening.answer(sessionOf({ offers: [offerOf(1)] }));
  expect(desk.state.value).toMatchObject({ phase: 'ready', offers: [] });
});

test('[C14] each reconnection brings the desk up to date', async () => {
  const { connection, connect } = scriptedConnection();
  const desk = createDesk(connection, () => NINE_OCLOCK);
  await connect().answer(sessionOf());
  await connect().answer(sessionOf({ conversations: [conversationOf(1)], serverTime: NINE_OCLOCK + 5_000 }));
  expect(desk.state.value.phase === 'ready' && desk.state.value.conversations.size).toBe(1);
  expect(desk.serverNow()).toBe(NINE_OCLOCK + 5_000);
});

test('[A1] a closed desk hears nothing more', async () => {
  const { connection, connect, tell } = scriptedConnection();
  const desk = createDesk(connection, () => NINE_OCLOCK);
  await connect().answer(sessionOf());
  desk.close();
  desk.close();
  tell('routing:offer-made', { offer: offerOf(1) });
  expect(desk.state.value).toMatchObject({ offers: [] });
});
