import type { FromViewer } from '../../../cobrowse/viewer/viewer-messages.ts';

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => Number.isFinite(value);
const isObject: Check = (value) => typeof value === 'object' && value !== null;
const isCounts: Check = (value) => isObject(value) && Object.values(value as object).every(isNumber);
const place = { tabId: isText, epoch: isNumber };

const FIELDS: Record<FromViewer['type'], Readonly<Record<string, Check>>> = {
  ready: {},
  shown: place,
  confirm: { ...place, seq: isNumber },
  resync: { ...place, because: isText },
  marks: { ...place, marks: Array.isArray },
  act: { ...place, actId: isText, act: isObject },
  'not-shown': { reasons: isCounts },
  viewport: { width: isNumber, height: isNumber },
};

/**
 * What the viewer says, checked at the door: its page shows what strangers made. What goes on to the server is checked
 * there again, to the last field.
 */
export function readViewerMessage(value: unknown): FromViewer | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const { type } = value;
  if (typeof type !== 'string' || !Object.hasOwn(FIELDS, type)) return undefined;
  const fields = value as Record<string, unknown>;
  const isWhole = Object.entries(FIELDS[type as FromViewer['type']]).every(([name, isRight]) => isRight(fields[name]));
  return isWhole ? (value as FromViewer) : undefined;
}
