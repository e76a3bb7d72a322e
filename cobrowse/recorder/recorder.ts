import { createChoiceMemory } from '../choice-memory.ts';
import { createAssetCollector, type AssetCollector } from './asset-collector.ts';
import { createOwnInterface } from './own-interface.ts';
import { startRecording, type Recording } from './recording.ts';
import type { FromRecorder, RecorderLook, StreamStart, ToRecorder } from './recorder-messages.ts';
import { guarded, quietly } from './tools/guarded.ts';
import { createToolsLoader } from './tools-loader.ts';

interface Streaming {
  stream: StreamStart;
  assets: AssetCollector;
  /** Undefined while it is held, or waits for a part. */
  recording: Recording | undefined;
  /** When a chosen part that is not there is given up. */
  waitsUntil?: number;
  waiting?: ReturnType<typeof setTimeout>;
}

/**
 * Pages that scripts draw have their parts a moment after they have loaded, or draw them anew. Nothing is recorded until
 * the part is there.
 */
const PART_WAIT_MS = 2_000;
const PART_STEP_MS = 100;

/**
 * A page that hides and shows things all the time begins anew this often, less than the relay puts up with: a few times
 * in a row, and then at this pace.
 */
const KEY_PACE_MS = 2_500;
const KEYS_IN_A_ROW = 4;

/**
 * The recorder on one page: does what the widget says over the port, and never throws into the page.
 *
 * @param scriptUrl where this script came from: the second one comes from there too
 * @param policy for pages that insist on trusted types
 */
export function createRecorder(
  scriptUrl: string,
  post: (message: FromRecorder, transfer?: Transferable[]) => void,
  policy?: HTMLScriptElement['foyerPolicy'],
): { handle(message: ToRecorder): void; close(): void } {
  const own = createOwnInterface(new URL(scriptUrl).origin);
  const look: RecorderLook = { language: 'en', accent: null };
  const choice = createChoiceMemory(document);
  let nextKeyAt = 0;
  let current: Streaming | undefined;

  const silence = (): void => {
    clearTimeout(current?.waiting);
    current?.recording?.close();
    if (current) current.recording = undefined;
  };
  const stop = (): void => {
    silence();
    current?.assets.close();
    current = undefined;
  };
  const fail = (error: unknown): void => {
    stop();
    post({ type: 'failed', because: error instanceof Error ? error.name : 'unknown' });
  };
  const begin = (): void => {
    // Rules and picked parts mean the whole page: before it is there, nothing can be said about it.
    if (document.readyState === 'loading') return;
    try {
      record();
    } catch (error) {
      fail(error);
    }
  };
  const record = (): void => {
    const streaming = current;
    if (streaming === undefined) return;
    silence();
    const { epoch, scopeNumber } = streaming.stream;
    const isCurrent = (): boolean => current === streaming;
    streaming.recording = startRecording({
      ...streaming,
      choice,
      own,
      sendEvents: (events, isKey) => isCurrent() && post({ type: 'events', epoch, scopeNumber, isKey, events }),
      sendPage: (page, isFront) => isCurrent() && post({ type: 'page', epoch, page, isFront }),
      sendHiddenCount: (count) => isCurrent() && post({ type: 'hidden-count', count }),
      pause(because, detail) {
        if (!isCurrent()) return;
        const now = performance.now();
        if (because === 'part-gone' && now < (streaming.waitsUntil ??= now + PART_WAIT_MS)) {
          silence();
          streaming.waiting = setTimeout(begin, PART_STEP_MS);
          return;
        }
        stop();
        post({ type: 'paused', epoch, because, ...(detail !== undefined && { detail }) });
      },
      fail(because) {
        if (!isCurrent()) return;
        // Said first: where even the end fails, the visitor knows.
        post({ type: 'failed', because });
        quietly(stop);
      },
      leave: () => isCurrent() && post({ type: 'leaving', epoch }),
      reserveKey() {
        const now = performance.now();
        nextKeyAt = Math.max(nextKeyAt, now - KEYS_IN_A_ROW * KEY_PACE_MS) + KEY_PACE_MS;
        return nextKeyAt - now;
      },
      restart: () => isCurrent() && begin(),
    });
    if (streaming.recording) delete streaming.waitsUntil;
  };
  const start = (stream: StreamStart): void => {
    stop();
    choice.keep(stream.scope);
    const assets = createAssetCollector(stream.epoch, post);
    current = { stream, assets, recording: undefined };
    begin();
  };
  document.addEventListener('DOMContentLoaded', guarded(begin), { once: true });

  const tools = createToolsLoader(scriptUrl, policy, {
    nodeOf(id) {
      const node = current?.recording?.mirror.getNode(id) ?? null;
      return node && current?.recording?.idOf(node) === id ? node : null;
    },
    idOf: (node) => current?.recording?.idOf(node) ?? -1,
    visibilityOf(node) {
      const privacy = current?.recording?.privacy;
      privacy?.forget();
      return privacy?.visibilityOf(node) ?? 'block';
    },
    isReadOnly(node) {
      const privacy = current?.recording?.privacy;
      privacy?.forget();
      return privacy?.isReadOnly(node) ?? true;
    },
    isOwnInterface: own.includes,
    claim: own.claim,
    hiddenElements: () => current?.recording?.hiddenElements() ?? [],
    post(message, transfer) {
      if (message.type === 'picked') choice.take(message.part);
      post(message, transfer);
    },
    look,
  });

  return {
    handle(message) {
      switch (message.type) {
        case 'look':
          Object.assign(look, message.look);
          break;
        case 'start':
          start(message.stream);
          break;
        case 'stop':
          stop();
          break;
        case 'hold':
          silence();
          break;
        case 'key':
          begin();
          break;
        default:
      }
      tools.handle(message);
    },
    close() {
      stop();
      tools.close();
    },
  };
}
