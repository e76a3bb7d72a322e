import { describe, expect, test } from 'vitest';
import type { ConversationId, Party } from '../protocol/ids.ts';
import type { ShareGrantName, ShareScope } from '../protocol/sharing.ts';
import {
  dueTimeOf,
  InvalidTransitionError,
  nextShareState,
  type ShareEvent,
  type ShareState,
} from './share-lifecycle.ts';
import { agentScreen, asked, askedScreen, grantsOf, page, part, screen } from './share-lifecycle-fixtures.ts';
import { liveShare } from './share-store-contract.ts';
import { toShareState, toShareView, toStateColumns, type ShareRecord } from './share-record.ts';

const allow = (scope: ShareScope = page): ShareEvent => ({
  type: 'allow',
  by: 'visitor',
  scope,
  grants: [{ grant: 'point', expiresAt: null }],
  graceUntil: scope.kind === 'screen' ? null : 61_000,
});
const give = (grant: ShareGrantName, expiresAt: number | null = null): ShareEvent => ({
  type: 'give-grant',
  by: 'visitor',
  grant,
  expiresAt,
});
const refuse = (grant: ShareGrantName): ShareEvent => ({ type: 'refuse-grant', by: 'visitor', grant });
const ask = (grant: ShareGrantName, until = 70_000): ShareEvent => ({ type: 'ask-grant', by: 'agent', grant, until });
const pause = (reason: 'by-visitor' | 'private-page' = 'by-visitor'): ShareEvent => ({
  type: 'pause',
  by: 'visitor',
  reason,
});
const resume: ShareEvent = { type: 'resume', by: 'visitor', graceUntil: 80_000 };
const endBy = (by: Party): ShareEvent => ({ type: 'end', by, because: 'by-person' });

const after = (start: ShareState, ...events: (ShareEvent | [number, ShareEvent])[]): ShareState => {
  let state = start;
  for (const entry of events) {
    const [now, event] = Array.isArray(entry) ? entry : ([1_000, entry] as const);
    state = nextShareState(state, event, now);
  }
  return state;
};
const live = after(asked, allow(), [2_000, { type: 'start' }], { type: 'regain-sharer' });

describe('how sharing begins', () => {
  test('[SH4] with the visitor’s yes it is allowed, under the first scope number, with the permissions that go with it', () => {
    expect(after(asked, allow(part))).toMatchObject({
      phase: 'allowed',
      scopeNumber: 1,
      scope: part,
      grants: [{ grant: 'point', expiresAt: null }],
      graceUntil: 61_000,
    });
  });
  test('[SH4] who has asked cannot allow it', () => {
    expect(() => after(asked, { ...allow(), by: 'agent' } as ShareEvent)).toThrow(InvalidTransitionError);
    expect(() => after(agentScreen, allow(screen))).toThrow(InvalidTransitionError);
  });
  test('[SH4] a second yes changes nothing, not even what is shared', () => {
    const allowed = after(asked, allow(part));
    expect(nextShareState(allowed, allow(page), 1_500)).toBe(allowed);
    expect(nextShareState(live, allow(page), 2_500)).toBe(live);
  });
  test('[SH4] a page is shared as a page and a screen as a screen', () => {
    expect(() => after(asked, allow(screen))).toThrow(InvalidTransitionError);
    expect(() => after(askedScreen, allow(page))).toThrow(InvalidTransitionError);
    expect(() => after(live, { type: 'change-scope', by: 'visitor', scope: screen })).toThrow(InvalidTransitionError);
  });
  test('[SH5] it is live with the first picture, and a later one changes nothing', () => {
    expect(live).toMatchObject({ phase: 'live', liveAt: 2_000 });
    expect(nextShareState(live, { type: 'start' }, 3_000)).toBe(live);
  });
  test('[SH9] a question that nobody answers runs out', () => {
    expect(dueTimeOf(asked)).toBe(60_000);
    expect(after(asked, [59_999, { type: 'time-passed' }])).toBe(asked);
    expect(after(asked, [60_000, { type: 'time-passed' }])).toMatchObject({ phase: 'ended', endReason: 'unanswered' });
  });
  test.each<[Party, string]>([
    ['visitor', 'declined'],
    ['agent', 'cancelled'],
  ])('[SH4] a question that the %s does away with is %s', (by, endReason) => {
    expect(after(asked, { type: 'decline', by })).toMatchObject({ phase: 'ended', endReason });
    expect(after(asked, endBy(by))).toMatchObject({ phase: 'ended', endReason });
  });
  test('[SH4] a question that can come to nothing, because the page lets nothing in, has failed and was not declined', () => {
    const event = { type: 'end', by: 'visitor', because: 'failed' } as const;
    expect(after(asked, event)).toMatchObject({ phase: 'ended', endReason: 'failed' });
  });
  test('[SH4] what is shared already can no longer be declined', () => {
    expect(() => after(live, { type: 'decline', by: 'visitor' })).toThrow(InvalidTransitionError);
  });
  test.each<ShareEvent>([
    { type: 'start' },
    { type: 'change-scope', by: 'visitor', scope: part },
    pause(),
    resume,
    give('scroll'),
    ask('scroll'),
  ])('[SH1] nothing of a share happens before the yes: $type', (event) => {
    expect(() => after(asked, event)).toThrow(InvalidTransitionError);
  });
});

describe('what is shared', () => {
  test('[SH6] every other scope has a number of its own, also one that reads the same', () => {
    const narrowed = after(live, { type: 'change-scope', by: 'visitor', scope: part });
    expect(narrowed).toMatchObject({ phase: 'live', scopeNumber: 2, scope: part });
    const other = after(narrowed, { type: 'change-scope', by: 'visitor', scope: part });
    expect(other.scopeNumber).toBe(3);
  });
  test('[SH6] the whole page and the same surface of a screen are the same scope', () => {
    expect(nextShareState(live, { type: 'change-scope', by: 'visitor', scope: page }, 3_000)).toBe(live);
    const shown = after(askedScreen, allow(screen), { type: 'start' });
    expect(nextShareState(shown, { type: 'change-scope', by: 'visitor', scope: screen }, 3_000)).toBe(shown);
    const other = { kind: 'screen', surface: 'monitor' } as const;
    expect(after(shown, { type: 'change-scope', by: 'visitor', scope: other }).scopeNumber).toBe(2);
  });
  test('[SH6] only who shares changes, pauses and resumes', () => {
    expect(() => after(live, { type: 'change-scope', by: 'agent', scope: page })).toThrow(InvalidTransitionError);
    expect(() => after(live, { type: 'pause', by: 'agent', reason: 'by-visitor' })).toThrow(InvalidTransitionError);
    expect(() => after(live, pause(), { type: 'resume', by: 'agent', graceUntil: null })).toThrow(
      InvalidTransitionError,
    );
  });
  test('[SH7] pausing and resuming each begin a new scope number, and the scope stays', () => {
    const paused = after(live, pause());
    expect(paused).toMatchObject({ phase: 'paused', pausedBecause: 'by-visitor', scopeNumber: 2, scope: page });
    expect(nextShareState(paused, pause(), 3_000)).toBe(paused);
    const resumed = after(paused, resume);
    expect(resumed).toMatchObject({ phase: 'live', scopeNumber: 3, liveAt: 2_000, graceUntil: 80_000 });
    expect(nextShareState(resumed, resume, 3_000)).toBe(resumed);
  });
  test('[SH7] paused before its first picture it is allowed again, not live', () => {
    expect(after(asked, allow(), pause(), resume)).toMatchObject({ phase: 'allowed', liveAt: null });
  });
  test('[SH7] the visitor’s own pause is not replaced by one that a page asks for', () => {
    expect(after(live, pause(), pause('private-page'))).toMatchObject({ pausedBecause: 'by-visitor' });
    expect(after(live, pause('private-page'), pause())).toMatchObject({ pausedBecause: 'by-visitor', scopeNumber: 2 });
  });
});

describe('permissions', () => {
  test('[SH8] a permission is asked for, given and taken back apart from the others', () => {
    const asking = after(live, ask('scroll'));
    expect(asking).toMatchObject({ askedGrant: { grant: 'scroll', until: 70_000 } });
    const given = after(asking, give('scroll', 90_000));
    expect(given).toMatchObject({ askedGrant: null });
    expect(grantsOf(given)).toEqual(['point', 'scroll']);
    expect(grantsOf(after(given, refuse('point')))).toEqual(['scroll']);
  });
  test('[SH8] a "no" takes the question away and nothing else', () => {
    const refused = after(live, ask('navigate'), refuse('navigate'));
    expect(refused).toEqual(live);
  });
  test('[SH8] asking for what is asked for or given already changes nothing', () => {
    const asking = after(live, ask('scroll'));
    expect(nextShareState(asking, ask('scroll', 99_000), 2_000)).toBe(asking);
    expect(nextShareState(live, ask('point'), 2_000)).toBe(live);
    expect(nextShareState(live, refuse('scroll'), 2_000)).toBe(live);
    expect(nextShareState(live, give('point'), 2_000)).toBe(live);
  });
  test('[SH8] nobody but who shares gives a permission, and nobody asks oneself', () => {
    expect(() => after(live, { ...give('scroll'), by: 'agent' } as ShareEvent)).toThrow(InvalidTransitionError);
    expect(() => after(live, { ...refuse('point'), by: 'agent' } as ShareEvent)).toThrow(InvalidTransitionError);
    expect(() => after(live, { ...ask('scroll'), by: 'visitor' } as ShareEvent)).toThrow(InvalidTransitionError);
  });
  test('[SH8] a screen knows no permissions', () => {
    const shown = after(askedScreen, allow(screen), { type: 'start' });
    expect(grantsOf(shown)).toEqual([]);
    expect(() => after(shown, give('scroll'))).toThrow(InvalidTransitionError);
    expect(() => after(shown, ask('scroll'))).toThrow(InvalidTransitionError);
  });
  test('[SH9] a permission runs out, and so does a question for one', () => {
    const acting = after(live, give('scroll', 10_000), ask('navigate', 8_000));
    expect(dueTimeOf(acting)).toBe(8_000);
    expect(after(acting, [8_000, { type: 'time-passed' }])).toMatchObject({ askedGrant: null });
    expect(grantsOf(after(acting, [10_000, { type: 'time-passed' }]))).toEqual(['point']);
    expect(grantsOf(after(acting, [9_999, { type: 'time-passed' }]))).toEqual(['point', 'scroll']);
  });
  test('[SH9] given again it lasts from then on', () => {
    const again = after(live, give('scroll', 10_000), [9_000, give('scroll', 19_000)]);
    expect(dueTimeOf(again)).toBe(19_000);
  });
});

describe('a sharer who is gone', () => {
  const gone = (graceUntil: number): ShareEvent => ({ type: 'lose-sharer', graceUntil });
  test('[SH10] the share waits for a page and ends when none comes', () => {
    const waiting = after(live, gone(65_000));
    expect(dueTimeOf(waiting)).toBe(65_000);
    expect(after(waiting, { type: 'regain-sharer' })).toEqual(live);
    expect(after(waiting, [65_000, { type: 'time-passed' }])).toMatchObject({ endReason: 'sharer-left' });
  });
  test('[SH10] the grace runs from the first loss on', () => {
    const waiting = after(live, gone(65_000));
    expect(nextShareState(waiting, gone(90_000), 3_000)).toBe(waiting);
  });
  test('[SH10] a paused page sends nothing and is not missed', () => {
    const paused = after(live, gone(65_000), pause());
    expect(dueTimeOf(paused)).toBeNull();
    expect(nextShareState(paused, gone(90_000), 3_000)).toBe(paused);
  });
  test('[SH10] the page of a paused screen is missed', () => {
    const paused = after(askedScreen, allow(screen), { type: 'start' }, pause());
    expect(dueTimeOf(after(paused, gone(65_000)))).toBe(65_000);
  });
});

describe('an agent who is gone', () => {
  const gone = (graceUntil: number): ShareEvent => ({ type: 'lose-viewer', graceUntil });
  test('[SH41] what is shared with an agent who does not come back ends, and goes on with one who does', () => {
    const alone = after(live, gone(65_000));
    expect(dueTimeOf(alone)).toBe(65_000);
    expect(after(alone, { type: 'regain-viewer' })).toEqual(live);
    expect(after(alone, [64_999, { type: 'time-passed' }])).toBe(alone);
    expect(after(alone, [65_000, { type: 'time-passed' }])).toMatchObject({ endReason: 'viewer-left' });
  });
  test('[SH41] the grace runs from the first loss on', () => {
    const alone = after(live, gone(65_000));
    expect(nextShareState(alone, gone(90_000), 3_000)).toBe(alone);
  });
  test('[SH41] a pause keeps nobody waiting: what is paused ends as well, before and after it is resumed', () => {
    expect(dueTimeOf(after(live, gone(65_000), pause()))).toBe(65_000);
    expect(dueTimeOf(after(live, pause(), gone(65_000)))).toBe(65_000);
    expect(dueTimeOf(after(live, pause(), gone(65_000), resume))).toBe(65_000);
  });
  test('[SH41] a question has a time of its own', () => {
    expect(() => after(asked, gone(65_000))).toThrow(InvalidTransitionError);
  });
  test('[SH41] an agent’s own screen ends with the page that shows it, not with who looks', () => {
    const shown = after(agentScreen, { ...allow(screen), by: 'agent' } as ShareEvent, { type: 'start' });
    expect(nextShareState(shown, gone(65_000), 3_000)).toBe(shown);
  });
  test('[SH41] where both sides are gone the one that was gone first is the reason', () => {
    const ends = (sharerUntil: number, viewerUntil: number) =>
      after(live, gone(viewerUntil), { type: 'lose-sharer', graceUntil: sharerUntil }, [
        90_000,
        { type: 'time-passed' },
      ]);
    expect(ends(70_000, 65_000)).toMatchObject({ endReason: 'viewer-left' });
    expect(ends(65_000, 70_000)).toMatchObject({ endReason: 'sharer-left' });
  });
});

describe('the end', () => {
  test.each<[ShareEvent, string]>([
    [endBy('visitor'), 'ended-by-sharer'],
    [endBy('agent'), 'ended-by-viewer'],
    [{ type: 'end', by: 'visitor', because: 'stopped-in-browser' }, 'stopped-in-browser'],
    [{ type: 'end', by: 'agent', because: 'stopped-in-browser' }, 'ended-by-viewer'],
    [{ type: 'end', by: 'visitor', because: 'failed' }, 'failed'],
    [{ type: 'end-with-conversation' }, 'conversation-ended'],
  ])('[SH11] %j ends it as %s, takes everything back and begins a new scope number', (event, endReason) => {
    const over = after(live, give('scroll', 90_000), [4_000, event]);
    expect(over).toMatchObject({ phase: 'ended', endReason, endedAt: 4_000, liveAt: 2_000, scopeNumber: 2 });
    expect(toStateColumns(over)).toMatchObject({ grants: [], askedGrant: null, dueAt: null, sharerGraceUntil: null });
    expect(toStateColumns(over)).toMatchObject({ viewerGraceUntil: null });
  });
  test('[SH12] an ended share stays ended: repeated ends are harmless, everything else is refused', () => {
    const over = after(live, endBy('visitor'));
    const harmless = [endBy('agent'), { type: 'end-with-conversation' }, pause(), refuse('point')] as ShareEvent[];
    for (const event of harmless) expect(nextShareState(over, event, 9_000)).toBe(over);
    const revivals = [
      allow(),
      resume,
      { type: 'start' },
      { type: 'change-scope', by: 'visitor', scope: page },
      give('scroll'),
      ask('scroll'),
    ] as ShareEvent[];
    for (const event of revivals) {
      expect(() => after(over, event)).toThrow(expect.objectContaining({ code: 'share-ended' }));
    }
  });
});

describe('a share as it is stored', () => {
  const conversationId = 'conversation' as ConversationId;

  test('[SH2] every state comes back from its row', () => {
    const states = [
      asked,
      after(asked, allow()),
      after(live, ask('scroll'), give('navigate', 5_000)),
      after(live, pause('private-page')),
      after(live, { type: 'lose-viewer', graceUntil: 65_000 }),
      after(live, endBy('agent')),
      after(asked, endBy('agent')),
    ];
    for (const state of states) {
      const { kind, sharer, askedBy } = state;
      const record: ShareRecord = { ...liveShare(conversationId), kind, sharer, askedBy, ...toStateColumns(state) };
      expect(toShareState(record)).toEqual(state);
    }
  });

  test('[SH2] a row that no state fits is refused', () => {
    expect(() => toShareState(liveShare(conversationId, { scope: null }))).toThrow('has no scope');
    expect(() => toShareState(liveShare(conversationId, { phase: 'ended' }))).toThrow('has no endedAt');
  });

  test('[SH2] what both sides see says neither where the stream lives nor when time moves it on', () => {
    const view = toShareView(liveShare(conversationId), ['Mira']);
    expect(view.watchers).toEqual(['Mira']);
    for (const field of [
      'homeNodeId',
      'lastEpoch',
      'dueAt',
      'sharerGraceUntil',
      'viewerGraceUntil',
      'askedGrantUntil',
    ]) {
      expect(view).not.toHaveProperty(field);
    }
  });
});
