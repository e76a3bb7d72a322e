import { EventType } from '@rrweb/types';
import type { StreamEvent } from '../stream-events.ts';
import { keepLastValues } from './last-values.ts';
import { toJson } from './plain-json.ts';

/** From one step to the next when the page sends more than this in a second, in characters of JSON. */
const STEPS = [
  { tickMs: 50, maxPerSecond: 300_000 },
  { tickMs: 100, maxPerSecond: 600_000 },
  { tickMs: 250, maxPerSecond: 1_200_000 },
  { tickMs: 500, maxPerSecond: Number.POSITIVE_INFINITY },
] as const;
const WINDOW_MS = 1_000;
/** Slower at once, faster again only after calm: a page in bursts would go up and down all the time. */
const CALM_WINDOWS = 5;

export interface EventBatch {
  add(event: StreamEvent): void;
  /** Sends what has been gathered now. */
  flush(): void;
  close(): void;
}

/**
 * Gathers what is recorded until the next tick. Nothing goes out before a full snapshot is there, and that goes out at
 * once with what belongs to it.
 *
 * @param beforeSend may add events to this batch; returns false when nothing may be sent any more
 */
export function createEventBatch(
  beforeSend: () => boolean,
  send: (events: string, isKey: boolean) => void,
  handleTickChanged: (tickMs: number) => void,
  /** A timer is a way in from the page: what is thrown there is nobody else's to catch. */
  handleFault: (error: unknown) => void = () => undefined,
): EventBatch {
  let events: StreamEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isBegun = false;
  let isKey = false;
  let step = 0;
  let windowStartedAt = performance.now();
  let windowLength = 0;
  let calmWindows = 0;

  const adapt = (length: number): void => {
    windowLength += length;
    const now = performance.now();
    const tookMs = now - windowStartedAt;
    if (tookMs < WINDOW_MS) return;
    const perSecond = (windowLength * 1_000) / tookMs;
    windowStartedAt = now;
    windowLength = 0;
    const wanted = STEPS.findIndex(({ maxPerSecond }) => perSecond <= maxPerSecond);
    calmWindows = wanted < step ? calmWindows + 1 : 0;
    const next = wanted > step ? wanted : calmWindows >= CALM_WINDOWS ? step - 1 : step;
    if (next === step) return;
    step = next;
    calmWindows = 0;
    handleTickChanged(STEPS[step]?.tickMs ?? STEPS[0].tickMs);
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!isBegun || !beforeSend() || events.length === 0) return;
    const json = toJson(keepLastValues(events));
    const wasKey = isKey;
    events = [];
    isKey = false;
    send(json, wasKey);
    if (!wasKey) adapt(json.length);
  };
  const flushInTime = (): void => {
    try {
      flush();
    } catch (error) {
      handleFault(error);
    }
  };

  return {
    add(event) {
      if (!isBegun && event.type !== EventType.Meta) return;
      isBegun = true;
      if (event.type === EventType.Meta) {
        events = [];
        isKey = true;
      }
      events.push(event);
      timer ??= setTimeout(flushInTime, isKey ? 0 : (STEPS[step]?.tickMs ?? STEPS[0].tickMs));
    },
    flush,
    close() {
      clearTimeout(timer);
      events = [];
      isBegun = false;
    },
  };
}
