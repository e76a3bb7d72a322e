import type { FromRecorder, PickedPart } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ActRefusal, ShareMark, SharePauseReason } from '../../../protocol/sharing.ts';

/** A page can hold no more than the server takes; more is no recording of ours. */
const MAX_EVENTS_LENGTH = 48_000_000;
const MAX_ASSET_BYTES = 262_144;
const MAX_MARKS = 16;
const MAX_LABEL_LENGTH = 200;
const MAX_SELECTOR_LENGTH = 2_000;
const MAX_URL_LENGTH = 2_048;
const MAX_TITLE_LENGTH = 300;
const PAUSES: readonly SharePauseReason[] = [
  'by-visitor',
  'private-page',
  'part-gone',
  'unreadable-rules',
  'out-of-reach',
];
const REFUSALS: readonly ActRefusal[] = [
  'not-granted',
  'private',
  'read-only',
  'gone',
  'own-interface',
  'visitor-is-busy',
  'not-possible',
  'declined',
  'paused',
];

/**
 * A message of the recorder after it was checked; undefined for anything else. The recorder lives in the customer's
 * page, whose own scripts may get at it: the server checks what it streams, here it only has to have the right shape.
 */
export function readRecorderMessage(value: unknown): FromRecorder | undefined {
  if (!isRecord(value)) return undefined;
  const { type, epoch } = value;
  switch (type) {
    case 'ready':
    case 'pick-cancelled':
    case 'tool-ended':
    case 'end-asked':
      return { type };
    case 'reach':
      return { type, isReachable: value['isReachable'] === true };
    case 'events': {
      const { scopeNumber, isKey, events } = value;
      const isRight = isCount(epoch) && isCount(scopeNumber) && typeof isKey === 'boolean';
      if (!isRight || typeof events !== 'string' || events.length > MAX_EVENTS_LENGTH) return undefined;
      return { type, epoch, scopeNumber, isKey, events };
    }
    case 'picked': {
      const part = readPart(value['part']);
      const { purpose } = value;
      return part !== undefined && (purpose === 'only' || purpose === 'hide') ? { type, purpose, part } : undefined;
    }
    case 'paused': {
      const because = PAUSES.find((known) => known === value['because']);
      if (!isCount(epoch) || because === undefined) return undefined;
      const { detail } = value;
      const isSelector = typeof detail === 'string' && detail.length <= MAX_SELECTOR_LENGTH;
      return { type, epoch, because, ...(isSelector && { detail }) };
    }
    case 'page': {
      const page = isRecord(value['page']) ? value['page'] : {};
      const url = readText(page['url'], MAX_URL_LENGTH);
      const title = readText(page['title'], MAX_TITLE_LENGTH);
      if (!isCount(epoch) || url === undefined || title === undefined) return undefined;
      return { type, epoch, page: { url, title }, isFront: value['isFront'] === true };
    }
    case 'hidden-count':
      return isCount(value['count']) ? { type, count: value['count'] } : undefined;
    case 'marks': {
      const { marks } = value;
      // The server reads them closely; what it will not have is lost, and nothing else.
      if (!Array.isArray(marks) || marks.length === 0 || marks.length > MAX_MARKS) return undefined;
      return { type, marks: marks as ShareMark[] };
    }
    case 'act-done':
      return readActDone(value);
    case 'asset':
      return readAsset(value);
    case 'leaving':
      return isCount(epoch) ? { type, epoch } : undefined;
    case 'failed':
      return { type, because: readText(value['because'], MAX_LABEL_LENGTH) ?? '' };
    default:
      return undefined;
  }
}

function readPart(value: unknown): PickedPart | undefined {
  if (!isRecord(value)) return undefined;
  const path = readText(value['path'], MAX_URL_LENGTH);
  const label = readText(value['label'], MAX_LABEL_LENGTH);
  const { selector } = value;
  // A selector that was cut would lead elsewhere.
  if (typeof selector !== 'string' || selector === '' || selector.length > MAX_SELECTOR_LENGTH) return undefined;
  return path === undefined || label === undefined ? undefined : { path, selector, label };
}

function readActDone({ actId, refusal, label }: Record<string, unknown>): FromRecorder | undefined {
  if (typeof actId !== 'string' || actId.length > 64) return undefined;
  const known = refusal === null ? null : REFUSALS.find((each) => each === refusal);
  if (known === undefined) return undefined;
  const words = readText(label, MAX_LABEL_LENGTH);
  return { type: 'act-done', actId, refusal: known, ...(words === undefined ? {} : { label: words }) };
}

function readAsset({ epoch, assetKey, hash, url, bytes }: Record<string, unknown>): FromRecorder | undefined {
  if (!isCount(epoch) || !isCount(assetKey)) return undefined;
  if (hash !== null && (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash))) return undefined;
  if (url !== null && (typeof url !== 'string' || url.length > MAX_URL_LENGTH)) return undefined;
  const isBytes = bytes instanceof ArrayBuffer && bytes.byteLength <= MAX_ASSET_BYTES;
  if (bytes !== null && !isBytes) return undefined;
  return { type: 'asset', epoch, assetKey, hash, url, bytes };
}

function readText(value: unknown, maxLength: number): string | undefined {
  return typeof value === 'string' ? value.slice(0, maxLength) : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
