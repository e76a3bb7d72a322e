import type { PageFacts, WidgetMessage } from '../embed/embed.ts';
import { readHello, readHostMessage, type HostEvent, type HostHello } from './host-messages.ts';

/** The page around the widget. */
export interface HostBridge {
  readonly page: PageFacts;
  readonly isFullScreen: boolean;
  /** False where the widget is a page of its own: then it is always open. */
  readonly isFramed: boolean;
  /** @param transfer the port that goes along with a script to load */
  post(message: WidgetMessage, transfer?: Transferable[]): void;
}

/**
 * Waits for the loader of the page around this frame and connects once. Who may frame us at all was decided by the
 * server (`frame-ancestors`); from then on we hear and answer only through the port that this page handed over.
 */
export function connectHost(onConnected: (bridge: HostBridge) => void, onEvent: (event: HostEvent) => void): void {
  if (window.parent === window) {
    onConnected({ page: readOwnPage(), isFullScreen: true, isFramed: false, post: () => undefined });
    return;
  }
  let isConnected = false;
  const handleHello = (event: MessageEvent<unknown>) => {
    const port = event.ports[0];
    if (isConnected || event.source !== window.parent || port === undefined) return;
    const hello = readHello(event.data);
    if (hello === undefined) return;
    isConnected = true;
    removeEventListener('message', handleHello);
    onConnected(toBridge(hello, port));
    port.addEventListener('message', (message: MessageEvent<unknown>) => {
      const heard = readHostMessage(message.data);
      if (heard !== undefined) onEvent(heard);
    });
    port.start();
  };
  addEventListener('message', handleHello);
}

function toBridge(hello: HostHello, port: MessagePort): HostBridge {
  return { ...hello, isFramed: true, post: (message, transfer = []) => port.postMessage(message, transfer) };
}

function readOwnPage(): PageFacts {
  return { url: location.origin + location.pathname, title: document.title, referrer: '' };
}
