import { expect, test } from 'vitest';
import { conversationOf } from './desk-fixtures.ts';
import { toPath, toPlace } from './place.ts';
import type { Place } from './place.ts';

const { conversationId } = conversationOf(1);

test.each<Place>([
  { at: 'overview' },
  { at: 'queue' },
  { at: 'messages-left' },
  { at: 'conversation', conversationId },
])('[A5] the address of a place leads back to it: $at', (place) => {
  expect(toPlace(toPath(place))).toEqual(place);
});

test('[A5] an unknown address is the overview', () => {
  for (const path of ['/', '', '/conversations', '/conversations/', '/nowhere/else']) {
    expect(toPlace(path)).toEqual({ at: 'overview' });
  }
});
