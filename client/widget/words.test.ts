import { afterEach, expect, test } from 'vitest';
import { setLanguage } from '../ui/language.ts';
import { makeActiveConversation, makeAvailability } from './widget-fixtures.ts';
import { sayAvailability, sayEnd, sayEstimate, sayPosition } from './words.ts';

afterEach(() => setLanguage('en'));

const queue = (position: number, estimatedWaitMs: number | null = null) => ({
  position,
  estimatedWaitMs,
  isAgentBusy: false,
});

test('[V10] the place in the queue is said the way people say it', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22].map((position) => sayPosition(queue(position)))).toEqual([
    'You are next',
    '2nd in line',
    '3rd in line',
    '4th in line',
    '11th in line',
    '12th in line',
    '13th in line',
    '21st in line',
    '22nd in line',
  ]);
  setLanguage('de');
  expect(sayPosition(queue(2))).toBe('Platz 2 in der Reihe');
});

test('[V10] the waiting time is a round promise that is rather kept than broken', () => {
  expect(sayEstimate(queue(1, 20_000))).toBe('Less than a minute');
  expect(sayEstimate(queue(1, 60_000))).toBe('About one minute');
  expect(sayEstimate(queue(1, 61_000))).toBe('About 2 minutes');
  expect(sayEstimate(queue(1, null))).toBe('We will be with you as soon as we can');
});

test('[V2] the first screen says who is there and promises a time only when one is known', () => {
  expect(sayAvailability(makeAvailability())).toBe('2 colleagues are here. Usually answered in under a minute.');
  expect(sayAvailability(makeAvailability({ agentCount: 1, typicalAnswerMs: null }))).toBe('One colleague is here.');
  setLanguage('de');
  expect(sayAvailability(makeAvailability({ agentCount: 1, typicalAnswerMs: 125_000 }))).toBe(
    'Eine Person ist für Sie da. Meist kommt die Antwort in etwa 2 Minuten.',
  );
});

test('[C6] the end says who ended it', () => {
  const ended = makeActiveConversation({ phase: 'ended', endedAt: 9_000, endReason: 'agent-ended' });
  expect(sayEnd(ended)).toBe('Mira Kowalski has ended it.');
  expect(sayEnd({ ...ended, endReason: 'visitor-ended' })).toBe('You have ended it.');
});
