import { describe, expect, test } from 'vitest';
import type { Outbox } from './outbox.ts';

/** What a test needs of an outbox: the same store opened again as by a reload or a second tab, and a clock to set. */
export interface OutboxUnderTest {
  open(): Outbox;
  setNow(now: number): void;
}

/** Holds for every outbox, wherever it keeps its messages. */
export function describeOutbox(name: string, makeOutbox: () => OutboxUnderTest): void {
  const add = (outbox: Outbox, text: string, conversationId = 'one') =>
    outbox.add({ conversationId, clientMessageId: `id of ${text}`, text });
  const texts = (outbox: Outbox, conversationId = 'one') => outbox.list(conversationId).map(({ text }) => text);

  describe(`outbox in ${name}`, () => {
    test('[C1] messages come out in the order they were written', () => {
      const outbox = makeOutbox().open();
      for (const text of ['z', 'a', 'm']) add(outbox, text);
      expect(texts(outbox)).toEqual(['z', 'a', 'm']);
    });

    test('[C1] the order holds when the clock of the device is set back', () => {
      const under = makeOutbox();
      const outbox = under.open();
      add(outbox, 'first');
      under.setNow(1_000);
      add(outbox, 'second');
      expect(texts(outbox)).toEqual(['first', 'second']);
    });

    test('[C1] each conversation has its own messages', () => {
      const outbox = makeOutbox().open();
      add(outbox, 'here', 'one');
      add(outbox, 'there', 'two');
      expect(texts(outbox, 'one')).toEqual(['here']);
      expect(texts(outbox, 'two')).toEqual(['there']);
    });

    test('[C1] a removed message is gone, and removing it again does no harm', () => {
      const outbox = makeOutbox().open();
      const message = add(outbox, 'done');
      add(outbox, 'stays');
      outbox.remove(message);
      outbox.remove(message);
      expect(texts(outbox)).toEqual(['stays']);
    });

    test('[C1] a refused message keeps its reason; sent again it goes to the end', () => {
      const outbox = makeOutbox().open();
      const refused = outbox.setFailure(add(outbox, 'refused'), 'bad-input');
      add(outbox, 'later');
      expect(outbox.list('one').map(({ failure }) => failure)).toEqual(['bad-input', null]);
      outbox.setFailure(refused, null);
      expect(texts(outbox)).toEqual(['later', 'refused']);
      expect(outbox.list('one').every(({ failure }) => failure === null)).toBe(true);
    });

    test('[C1] text comes back as it was written, whatever is in it', () => {
      const outbox = makeOutbox().open();
      const text = ' "quoted"\n\u2028 emoji 👩‍👩‍👧 lone \ud800 end ';
      add(outbox, text);
      expect(texts(outbox)).toEqual([text]);
    });

    test('[C1] messages are there for the next page and for another tab', () => {
      const under = makeOutbox();
      add(under.open(), 'left');
      expect(texts(under.open())).toEqual(['left']);
    });

    test('[C1] two tabs that write at the same time do not lose a message of one another', () => {
      const under = makeOutbox();
      const [left, right] = [under.open(), under.open()];
      add(left, 'left one');
      add(right, 'right one');
      add(left, 'left two');
      expect(texts(left)).toEqual(['left one', 'right one', 'left two']);
      expect(texts(right)).toEqual(texts(left));
    });

    test('[C1] what nobody could send for a month is forgotten', () => {
      const under = makeOutbox();
      const outbox = under.open();
      add(outbox, 'old');
      const { writtenAt } = outbox.list('one')[0]!;
      under.setNow(writtenAt + 31 * 86_400_000);
      expect(texts(under.open())).toEqual([]);
    });
  });
}
