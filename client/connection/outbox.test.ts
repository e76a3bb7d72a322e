import { expect, test } from 'vitest';
import { describeOutbox } from './outbox-contract.ts';
import { createOutbox } from './outbox.ts';
import { createSafeStorage } from './safe-storage.ts';
import { FakeBrowserStorage } from './testing/browser-storage.ts';

const START_AT = 1_800_000_000_000;

describeOutbox('memory', () => {
  const storage = createSafeStorage(undefined);
  let now = START_AT;
  return { open: () => createOutbox(storage, { now: () => now }), setNow: (at) => (now = at) };
});

describeOutbox('the storage of the browser', () => {
  const browserStorage = new FakeBrowserStorage();
  let now = START_AT;
  return {
    // Each page has its own guard around the one storage they share.
    open: () => createOutbox(createSafeStorage(browserStorage), { now: () => now }),
    setNow: (at) => (now = at),
  };
});

test('[C1] entries of another shape are left out', () => {
  const storage = createSafeStorage(undefined);
  const outbox = createOutbox(storage, { now: () => START_AT });
  const broken = ['{', 'null', '7', '{"text":1}', '{"conversationId":"one","clientMessageId":"x","text":"t"}'];
  broken.forEach((value, index) => storage.set(`foyer:outbox:one:${index}`, value));
  outbox.add({ conversationId: 'one', clientMessageId: 'good', text: 'good' });
  expect(outbox.list('one').map(({ text }) => text)).toEqual(['good']);
});
