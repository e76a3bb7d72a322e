import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** The way between a page and the server, which a test can cut. */
export interface NetworkPath {
  /** Where the page connects instead of to the server. */
  readonly url: string;
  /** Ends all connections and refuses new ones, as an unplugged cable does when the machine notices. */
  cut(): void;
  /** Swallows everything in both directions and lets nothing be noticed, as a lost mobile network does. */
  swallow(): void;
  /** Lets everything of the page through and nothing of the server: what is stored is not confirmed. */
  swallowAnswers(): void;
  /** The network is back: swallowed connections end, new ones get through. */
  restore(): void;
  /** Ends all connections that stand now; new ones get through. */
  dropAll(): void;
  close(): Promise<void>;
}

export interface NetworkPathOptions {
  /** Sent along with each request, as a browser would: Node's socket client keeps no cookies of the sign-in. */
  cookie?: string;
}

export async function createNetworkPath(
  server: { url: string },
  options: NetworkPathOptions = {},
): Promise<NetworkPath> {
  const { hostname, port } = new URL(server.url);
  const pairs = new Set<{ near: Socket; far: Socket }>();
  let state: 'through' | 'cut' | 'swallowing' | 'swallowing-answers' = 'through';

  const listener = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const isSwallowed = state === 'swallowing';
    const far = connect(Number(port), hostname);
    const pair = { near, far };
    pairs.add(pair);
    for (const socket of [near, far]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        // A dead network carries no goodbye either: the other end has to notice by itself.
        if (state === 'swallowing') return;
        near.destroy();
        far.destroy();
        pairs.delete(pair);
      });
    }
    near.on('data', (chunk: Buffer) => {
      if (state !== 'swallowing' && !isSwallowed) far.write(withCookie(chunk, options.cookie));
    });
    far.on('data', (chunk: Buffer) => {
      if (state === 'through' && !isSwallowed) near.write(chunk);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));

  function dropAll(): void {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  }

  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    cut() {
      state = 'cut';
      dropAll();
    },
    swallow() {
      state = 'swallowing';
    },
    swallowAnswers() {
      state = 'swallowing-answers';
    },
    restore() {
      // What was swallowed is missing in the middle: such a connection can only end.
      const wasThrough = state === 'through';
      state = 'through';
      if (!wasThrough) dropAll();
    },
    dropAll,
    async close() {
      dropAll();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

/** Requests of the socket client come as one chunk that starts with the request line; frames never look like one. */
function withCookie(chunk: Buffer, cookie: string | undefined): Buffer | string {
  if (cookie === undefined || !/^(GET|POST) \//.test(chunk.subarray(0, 8).toString('latin1'))) return chunk;
  return chunk.toString('latin1').replace('\r\n', `\r\nCookie: ${cookie}\r\n`);
}
