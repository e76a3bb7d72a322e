import type { OwnEvents } from '../../stream-events.ts';

export type NotShownReason = OwnEvents['foyer:not-shown']['nodes'][number]['because'];

export const NOT_SHOWN_REASONS: readonly NotShownReason[] = [
  'canvas',
  'closed-shadow-root',
  'foreign-frame',
  'media',
  'plugin',
];
