import type { Socket } from 'node:net';

/** The parts of a connection of engine.io that are needed here. Its types keep `flush` to themselves. */
export interface Connection {
  readonly request: { readonly socket: Pick<Socket, 'cork' | 'uncork'> };
  flush?: () => void;
}

interface Connections {
  on(name: 'connection', listener: (connection: Connection) => void): unknown;
}

/**
 * What one turn of the event loop says leaves together with its end: to one page in one piece, such as the messages of
 * many visitors to one agent, and to several pages right behind each other, such as a message to the other side and the
 * answer to who wrote it. Each would otherwise be a write of its own, which costs as much as all that led to it, and
 * most of that is waking whoever reads it, who has gone to sleep again when the next one comes late.
 *
 * NOTE: what is said leaves with the end of the turn, so whoever closes connections must let the turn end first.
 */
export function gatherTurnWrites(engine: Connections, onFailure: (error: unknown) => void): void {
  let waiting = new Set<() => void>();
  const endTurn = (): void => {
    const writes = waiting;
    waiting = new Set();
    for (const write of writes) {
      try {
        write();
      } catch (error) {
        // Of one connection: its page notices by itself, and nobody else's words are lost with it.
        onFailure(error);
      }
    }
  };
  engine.on('connection', (connection: Connection) => {
    const flush = connection.flush?.bind(connection);
    if (!flush) return;
    const write = (): void => {
      // Over WebSocket this is the line itself; each packet is written to it alone unless it is corked.
      const line = connection.request.socket;
      line.cork();
      flush();
      line.uncork();
    };
    connection.flush = () => {
      // Ahead of the network and behind what runs now, promises included when it is one of them.
      if (waiting.size === 0) process.nextTick(endTurn);
      waiting.add(write);
    };
  });
}
