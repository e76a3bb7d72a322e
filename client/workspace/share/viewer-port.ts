import type { FromViewer, ToViewer } from '../../../cobrowse/viewer/viewer-messages.ts';
import { readViewerMessage } from './read-viewer-message.ts';

/** The channel to the page that shows. What comes before that page is ready waits for it. */
export interface ViewerPort {
  /** The frame has loaded; once more when it had to load again, and then everything is told anew. */
  attach(port: MessagePort): void;
  tell(message: ToViewer): void;
  close(): void;
}

export interface ViewerPortOptions {
  /** What the page must know before it is shown anything. */
  onReady(isAgain: boolean): void;
  onMessage(message: Exclude<FromViewer, { type: 'ready' }>): void;
}

export function createViewerPort({ onReady, onMessage }: ViewerPortOptions): ViewerPort {
  let port: MessagePort | undefined;
  let isReady = false;
  let wasReady = false;
  /** Frames before it was ready. All else is told in `onReady`; there are few, for each has to be confirmed. */
  let early: ToViewer[] = [];

  function post(message: ToViewer): void {
    port?.postMessage(message, message.type === 'frame' ? [message.data] : []);
  }

  function hear(data: unknown): void {
    const message = readViewerMessage(data);
    if (message === undefined) return;
    if (message.type !== 'ready') return onMessage(message);
    isReady = true;
    onReady(wasReady);
    wasReady = true;
    for (const kept of early.splice(0)) post(kept);
  }

  return {
    attach(handed) {
      port?.close();
      port = handed;
      isReady = false;
      handed.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (port === handed) hear(data);
      });
      handed.start();
    },
    tell(message) {
      if (isReady) return post(message);
      // Nothing of before may be shown any more.
      if (message.type === 'clear') early = [message];
      if (message.type === 'frame') early.push(message);
    },
    close() {
      port?.close();
      port = undefined;
      early = [];
    },
  };
}
