import { expect, test } from 'vitest';
import { MAX_MESSAGE_LENGTH as SERVER_LIMIT } from '../../../protocol/conversations.ts';
import { MAX_MESSAGE_LENGTH, toLengthState, toSentText } from './message-length.ts';

test('[C1] the composer and the server agree on the longest message', () => {
  expect(MAX_MESSAGE_LENGTH).toBe(SERVER_LIMIT);
});

test('[C1] a counter appears near the limit and says how much is too much beyond it', () => {
  expect(toLengthState('a'.repeat(3_799))).toEqual({ kind: 'fine' });
  expect(toLengthState('a'.repeat(3_990))).toEqual({ kind: 'near', leftCount: 10 });
  expect(toLengthState('a'.repeat(4_000))).toEqual({ kind: 'near', leftCount: 0 });
  expect(toLengthState('a'.repeat(4_002))).toEqual({ kind: 'over', excessCount: 2 });
});

test('[C1] empty lines around a message go, those inside it and its indent stay', () => {
  expect(toSentText('\n  \n  code\n\n  more \n\n')).toBe('  code\n\n  more');
  expect(toSentText(' \n\t ')).toBe('');
});

test('[C1] empty space around the text does not count', () => {
  expect(toLengthState(`${'a'.repeat(4_000)}${' '.repeat(50)}`).kind).toBe('near');
});
