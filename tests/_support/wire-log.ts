import type { Page } from 'playwright-core';
import type { FramePiece } from '../../cobrowse/viewer/frame-piece.ts';
import { createFrameDecoder, type FrameDecoder } from '../../cobrowse/viewer/frame-decoder.ts';

/** One message on a page's socket, as it was written there. */
export interface WireMessage {
  from: 'page' | 'server';
  /** Its name when it is a request or an event, empty for answers and what belongs to the line itself. */
  name: string;
  /** What it says, with frames of a shared page inflated. */
  text: string;
}

/** Everything that a page and the frames in it have said to Foyer's server and heard on their sockets. */
export interface WireLog {
  messages(): readonly WireMessage[];
  text(): string;
}

type FramePlace = Omit<FramePiece, 'data'>;

/** To be called before the page goes anywhere. */
export function logWire(page: Page, server: { url: string }): WireLog {
  const messages: WireMessage[] = [];
  const decoders = new Map<string, FrameDecoder>();

  /** What a piece adds to the frames of its stream; its bytes stay in the log as well, for what is no frame at all. */
  function inflate(place: FramePlace, data: Buffer): string {
    const key = `${place.tabId} ${place.epoch}`;
    const decoder = decoders.get(key) ?? createFrameDecoder();
    decoders.set(key, decoder);
    const decoded = decoder.take({ ...place, data: new Uint8Array(data) });
    if (decoded.kind === 'gap' || decoded.kind === 'failed')
      throw new Error(`A frame cannot be read: ${decoded.kind}.`);
    return decoded.kind === 'frame' ? JSON.stringify(decoded.events) : '';
  }

  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) return;
    messages.push({ from: 'page', name: 'http', text: `${request.url()} ${request.postData() ?? ''}` });
  });
  page.on('websocket', (socket) => {
    const listen = (from: WireMessage['from']) => {
      /** Attachments follow the message that they belong to. */
      let open: { message: WireMessage; content: unknown } | undefined;
      return ({ payload }: { payload: string | Buffer }): void => {
        if (typeof payload === 'string') {
          const content = readContent(payload);
          const name = Array.isArray(content) && typeof content[0] === 'string' ? content[0] : '';
          const message = { from, name, text: payload };
          messages.push(message);
          open = { message, content: Array.isArray(content) ? content[1] : undefined };
          return;
        }
        if (open === undefined) return;
        open.message.text += payload.toString('latin1');
        if (open.message.name === 'share:send-frame') open.message.text += inflate(open.content as FramePlace, payload);
      };
    };
    socket.on('framesent', listen('page'));
    socket.on('framereceived', listen('server'));
  });
  return {
    messages: () => messages,
    text: () => messages.map(({ text }) => text).join('\n'),
  };
}

function readContent(packet: string): unknown {
  const start = packet.indexOf('[');
  if (!/^4[2356]/.test(packet) || start < 0) return undefined;
  try {
    return JSON.parse(packet.slice(start));
  } catch {
    return undefined;
  }
}
