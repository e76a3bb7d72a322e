import type { PageFacts } from '../embed/embed.ts';
import type { Modality } from '../../protocol/ids.ts';
import { toReportedAddress } from './page-address.ts';

const MAX_URL_LENGTH = 2_048;
const MAX_TITLE_LENGTH = 300;
const MAX_FIELD_LENGTH = 254;

/** A message of the host page after it was checked. */
export type HostEvent =
  | { kind: 'page'; page: PageFacts }
  | { kind: 'frame'; isFullScreen: boolean }
  | { kind: 'open'; modality?: Modality }
  | { kind: 'close' }
  | { kind: 'hide' }
  | { kind: 'show' }
  | { kind: 'identify'; name?: string; email?: string };

export interface HostHello {
  page: PageFacts;
  isFullScreen: boolean;
}

/** The page's first message; anything else that arrives by `postMessage` is nobody we know. */
export function readHello(value: unknown): HostHello | undefined {
  if (!isRecord(value) || value['foyer'] !== 'connect') return undefined;
  const page = readPage(value['page']);
  return page && { page, isFullScreen: value['isFullScreen'] === true };
}

/** Undefined for what the page has no business to say; a page may be of any age and its own code may call anything. */
export function readHostMessage(value: unknown): HostEvent | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['type']) {
    case 'page': {
      const page = readPage(value['page']);
      return page && { kind: 'page', page };
    }
    case 'frame':
      return { kind: 'frame', isFullScreen: value['isFullScreen'] === true };
    case 'command':
      return readCommand(value['name'], isRecord(value['options']) ? value['options'] : {});
    default:
      return undefined;
  }
}

function readCommand(name: unknown, options: Record<string, unknown>): HostEvent | undefined {
  switch (name) {
    case 'open': {
      const modality = (['text', 'voice', 'video'] as const).find((known) => known === options['modality']);
      return modality === undefined ? { kind: 'open' } : { kind: 'open', modality };
    }
    case 'close':
    case 'hide':
    case 'show':
      return { kind: name };
    case 'identify': {
      const visitorName = readText(options['name'], MAX_FIELD_LENGTH);
      const email = readText(options['email'], MAX_FIELD_LENGTH);
      return {
        kind: 'identify',
        ...(visitorName === undefined ? {} : { name: visitorName }),
        ...(email === undefined ? {} : { email }),
      };
    }
    default:
      return undefined;
  }
}

function readPage(value: unknown): PageFacts | undefined {
  if (!isRecord(value)) return undefined;
  const url = readText(value['url'], MAX_URL_LENGTH);
  const title = readText(value['title'], MAX_TITLE_LENGTH);
  if (url === undefined || title === undefined) return undefined;
  const referrer = readText(value['referrer'], MAX_URL_LENGTH) ?? '';
  return { url: toReportedAddress(url), title, referrer: toReportedAddress(referrer) };
}

function readText(value: unknown, maxLength: number): string | undefined {
  return typeof value === 'string' ? value.slice(0, maxLength) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
