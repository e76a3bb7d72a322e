import { expect, test } from 'vitest';
import type { ShownMessage } from '../../connection/timeline.ts';
import { groupMessages } from './group-messages.ts';

const NOON = new Date(2026, 4, 4, 12, 0).getTime();

function createShown(key: string, change: Partial<ShownMessage> = {}): ShownMessage {
  return {
    key,
    seq: null,
    sentAt: NOON,
    sender: { kind: 'agent', name: 'Mira' },
    body: { kind: 'text', text: key },
    isOwn: false,
    delivery: null,
    clientMessageId: null,
    ...change,
  };
}

/** Days and notices by their kind, groups by the keys in them. */
function shape(messages: ShownMessage[]): string[] {
  return groupMessages(messages).map((block) =>
    block.kind === 'group' ? block.messages.map(({ key }) => key).join('+') : block.kind,
  );
}

test('[C1] texts of one person within a minute share one time stamp', () => {
  const later = { sentAt: NOON + 60_000 };
  expect(shape([createShown('a'), createShown('b', { sentAt: NOON + 59_999 }), createShown('c', later)])).toEqual([
    'day',
    'a+b',
    'c',
  ]);
});

test('[C1] another speaker begins another group', () => {
  const own = { isOwn: true, sender: { kind: 'visitor' as const, name: 'Bob' } };
  const colleague = { sender: { kind: 'agent' as const, name: 'Jonas' } };
  expect(
    shape([
      createShown('a'),
      createShown('b', own),
      createShown('c', own),
      createShown('d'),
      createShown('e', colleague),
    ]),
  ).toEqual(['day', 'a', 'b+c', 'd', 'e']);
});

test('[C1] a notice stands alone between the texts around it', () => {
  const notice = { body: { kind: 'notice' as const, notice: 'call-started' as const, data: {} } };
  expect(shape([createShown('a'), createShown('n', notice), createShown('b')])).toEqual(['day', 'a', 'notice', 'b']);
});

test('[C1] a failed message stands alone, so that its reason is clearly its own', () => {
  const own = { isOwn: true, sender: { kind: 'visitor' as const, name: '' } };
  const failed = { ...own, delivery: { state: 'failed' as const, code: 'bad-input' as const } };
  expect(shape([createShown('a', own), createShown('b', failed), createShown('c', own)])).toEqual([
    'day',
    'a',
    'b',
    'c',
  ]);
});

test('[C1] what still waits is told apart from what is stored', () => {
  const own = { isOwn: true, sender: { kind: 'visitor' as const, name: '' } };
  const stored = { ...own, delivery: { state: 'read' as const } };
  const waiting = { ...own, delivery: { state: 'queued' as const } };
  expect(shape([createShown('a', stored), createShown('b', waiting), createShown('c', waiting)])).toEqual([
    'day',
    'a',
    'b+c',
  ]);
});

test('[C1] each new day begins with its date, and a clock that is behind does not repeat one', () => {
  const nextDay = NOON + 86_400_000;
  expect(shape([createShown('a'), createShown('b', { sentAt: nextDay }), createShown('c')])).toEqual([
    'day',
    'a',
    'day',
    'b',
    'c',
  ]);
});
