import { describe, expect, test } from 'vitest';
import { createSeededRandom, type SeededRandom } from '../client/connection/testing/seeded-random.ts';
import type { Party } from '../protocol/ids.ts';
import type { ShareGrantName, ShareScope } from '../protocol/sharing.ts';
import { dueTimeOf, nextShareState, type ShareEvent, type ShareState } from './share-lifecycle.ts';
import { agentScreen, asked, askedScreen, grantsOf, offered, page, part, screen } from './share-lifecycle-fixtures.ts';
import { toStateColumns } from './share-record.ts';

const starts: [ShareState, ...ShareState[]] = [asked, askedScreen, agentScreen, offered];

describe('any order of events', () => {
  const GRANTS: [ShareGrantName, ...ShareGrantName[]] = ['point', 'draw', 'scroll', 'click-and-type', 'navigate'];
  const SEEDS = Array.from({ length: 40 }, (_, seed) => seed + 1);

  function pick<Item>(random: SeededRandom, items: readonly [Item, ...Item[]]): Item {
    return items[random.below(items.length)] ?? items[0];
  }

  function randomEvent(random: SeededRandom, now: number): ShareEvent {
    const by = pick<Party>(random, ['visitor', 'agent']);
    const scope = pick<ShareScope>(random, [page, part, screen, { kind: 'page', hiddenParts: 3 }]);
    const grant = pick(random, GRANTS);
    const later = now + random.below(20_000);
    return pick<ShareEvent>(random, [
      { type: 'allow', by, scope, grants: [{ grant, expiresAt: later }], graceUntil: later },
      { type: 'decline', by },
      { type: 'start' },
      { type: 'change-scope', by, scope },
      { type: 'pause', by, reason: pick(random, ['by-visitor', 'private-page', 'part-gone']) },
      { type: 'resume', by, graceUntil: later },
      { type: 'ask-grant', by, grant, until: later },
      { type: 'give-grant', by, grant, expiresAt: random.chance(0.5) ? null : later },
      { type: 'refuse-grant', by, grant },
      { type: 'lose-sharer', graceUntil: later },
      { type: 'regain-sharer' },
      { type: 'lose-viewer', graceUntil: later },
      { type: 'regain-viewer' },
      { type: 'time-passed' },
      { type: 'time-passed' },
      ...(random.chance(0.1) ? [{ type: 'end', by, because: 'by-person' } as const] : []),
    ]);
  }

  test.each(SEEDS)('[SH1] nothing is shown or permitted without the sharer’s own event (seed %i)', (seed) => {
    const random = createSeededRandom(seed);
    const start = pick(random, starts);
    let state = start;
    let now = 0;
    for (let step = 0; step < 300; step += 1) {
      now += random.below(5_000);
      const event = randomEvent(random, now);
      const before = state;
      try {
        state = nextShareState(before, event, now);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ShareError' });
        continue;
      }
      const isBySharer = 'by' in event && event.by === start.sharer;
      const label = JSON.stringify({ before, event, state });
      if (before.phase === 'ended') expect(state, label).toBe(before);
      expect(state.scopeNumber, label).toBeGreaterThanOrEqual(before.scopeNumber);
      const isNewScope = state.scopeNumber !== before.scopeNumber;
      if (isNewScope && state.phase !== 'ended') expect(isBySharer, label).toBe(true);
      const [scopeBefore, scopeNow] = [toStateColumns(before).scope, toStateColumns(state).scope];
      if (JSON.stringify(scopeBefore) !== JSON.stringify(scopeNow)) expect(isNewScope, label).toBe(true);
      const wasSending = before.phase === 'allowed' || before.phase === 'live';
      const isSending = state.phase === 'allowed' || state.phase === 'live';
      if (isSending && !wasSending) expect(isBySharer && isNewScope, label).toBe(true);
      if (wasSending && !isSending) expect(isNewScope, label).toBe(true);
      for (const grant of grantsOf(state)) {
        if (!grantsOf(before).includes(grant)) expect(isBySharer, label).toBe(true);
      }
      if (state.kind === 'screen') expect(grantsOf(state), label).toEqual([]);
      const dueAt = dueTimeOf(state);
      if (event.type === 'time-passed' && dueAt !== null) expect(dueAt, label).toBeGreaterThan(now);
      // Said once more at the same moment, it changes nothing; only naming a part anew is always another scope.
      if (event.type !== 'change-scope') expect(nextShareState(state, event, now), label).toBe(state);
    }
  });
});
