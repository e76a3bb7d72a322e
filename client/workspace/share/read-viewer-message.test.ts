import { expect, test } from 'vitest';
import { readViewerMessage } from './read-viewer-message.ts';

test('[B11] what the viewer says is taken only in the form that was agreed', () => {
  const confirm = { type: 'confirm', tabId: 'tab', epoch: 1, seq: 3 };
  expect(readViewerMessage(confirm)).toEqual(confirm);
  expect(readViewerMessage({ type: 'ready' })).toEqual({ type: 'ready' });
  const refused = [
    null,
    'ready',
    {},
    { type: 'toString' },
    { type: '__proto__' },
    { ...confirm, seq: '3' },
    { ...confirm, epoch: Number.NaN },
    { ...confirm, tabId: 7 },
    { type: 'marks', tabId: 'tab', epoch: 1, marks: 'all' },
    { type: 'act', tabId: 'tab', epoch: 1, actId: 'id' },
    { type: 'act', tabId: 'tab', epoch: 1, actId: 4, act: {} },
    { type: 'act', tabId: 'tab', epoch: 1, actId: 'id', act: 'click' },
    { type: 'not-shown', reasons: null },
    { type: 'not-shown', reasons: { canvas: '<b>' } },
  ];
  expect(refused.map(readViewerMessage)).toEqual(refused.map(() => undefined));
});
