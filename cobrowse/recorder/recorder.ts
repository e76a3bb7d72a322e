import { createChoiceMemory, type ChoiceMemory } from '../privacy.ts';
import { createAssetCollector, type AssetCollector } from './asset-collector.ts';
import { createOwnInterface } from './own-interface.ts';
import { startRecording, type Recording } from './recording.ts';
import type { FromRecorder, RecorderLook, StreamStart, ToRecorder } from './recorder-messages.ts';
import { createToolsLoader } from './tools-loader.ts';

interface Streaming {
  stream: StreamStart;
  choice: ChoiceMemory;
  assets: AssetCollector;
  fontRules: string[];
  /** Undefined while it is held. */
  recording: Recording | undefined;
}

/**
 * The recorder on one page: does what the widget says over the port, and never throws into the page.
 *
 * @param scriptUrl where this script came from: the second one comes from there too
 */
export function createRecorder(
  scriptUrl: string,
  post: (message: FromRecorder, transfer?: Transferable[]) => void,
): { handle(message: ToRecorder): void; close(): void } {
  const own = createOwnInterface(new URL(scriptUrl).origin);
  const look: RecorderLook = { language: 'en', accent: null };
  let current: Streaming | undefined;

  const stop = (): void => {
    current?.recording?.close();
    current?.assets.close();
    current = undefined;
  };
  const begin = (): void => {
    const streaming = current;
    if (streaming === undefined) return;
    streaming.recording?.close();
    streaming.recording = undefined;
    const { epoch, scopeNumber } = streaming.stream;
    const isCurrent = (): boolean => current === streaming;
    streaming.recording = startRecording({
      ...streaming,
      own,
      sendEvents: (events, isKey) => isCurrent() && post({ type: 'events', epoch, scopeNumber, isKey, events }),
      sendPage: (page, isFront) => isCurrent() && post({ type: 'page', epoch, page, isFront }),
      sendHiddenCount: (count) => isCurrent() && post({ type: 'hidden-count', count }),
      pause(because, detail) {
        if (!isCurrent()) return;
        stop();
        post({ type: 'paused', epoch, because, ...(detail !== undefined && { detail }) });
      },
      fail(because) {
        if (!isCurrent()) return;
        stop();
        post({ type: 'failed', because });
      },
      leave: () => isCurrent() && post({ type: 'leaving', epoch }),
      restart: () => isCurrent() && begin(),
    });
  };
  const start = (stream: StreamStart): void => {
    stop();
    const assets = createAssetCollector(stream.epoch, post);
    const streaming = { stream, choice: createChoiceMemory(), assets, fontRules: [], recording: undefined };
    current = streaming;
    // Rules and picked parts mean the whole page: before it is there, nothing can be said about it.
    if (document.readyState !== 'loading') begin();
    else document.addEventListener('DOMContentLoaded', () => current === streaming && begin(), { once: true });
  };

  const tools = createToolsLoader(scriptUrl, {
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
    post,
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
          current?.recording?.close();
          if (current) current.recording = undefined;
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
