import type { FromViewer } from '../../../cobrowse/viewer/viewer-messages.ts';

const NEEDED: Record<FromViewer['type'], readonly string[]> = {
  ready: [],
  shown: ['tabId', 'epoch', 'tookMs'],
  confirm: ['tabId', 'epoch', 'seq'],
  resync: ['tabId', 'epoch', 'because'],
  marks: ['tabId', 'epoch', 'marks'],
  act: ['tabId', 'epoch', 'actId', 'act'],
  'not-shown': ['reasons'],
  viewport: ['width', 'height', 'isTouch'],
};
const NUMBERS = new Set(['epoch', 'seq', 'tookMs', 'width', 'height']);

/**
 * What the viewer says, checked at the door: its page shows what strangers made. The server checks marks and acts
 * themselves again.
 */
export function readViewerMessage(value: unknown): FromViewer | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const { type } = value;
  if (typeof type !== 'string' || !Object.hasOwn(NEEDED, type)) return undefined;
  const fields = value as Record<string, unknown>;
  for (const name of NEEDED[type as FromViewer['type']]) {
    const field = fields[name];
    if (field === undefined || (NUMBERS.has(name) && !Number.isFinite(field))) return undefined;
    if (name === 'tabId' && typeof field !== 'string') return undefined;
    if (name === 'marks' && !Array.isArray(field)) return undefined;
  }
  return value as FromViewer;
}
