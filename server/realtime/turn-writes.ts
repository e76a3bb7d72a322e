import type { IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';

/** The parts of a connection of engine.io that are needed here. Its types keep `flush` to themselves. */
interface Connection {
  readonly request: IncomingMessage;
  flush?: () => void;
}

/**
 * What one turn of the event loop says to a page: the first at once, since somebody waits for it, and all that follows in
 * one piece with the end of the turn, such as an ack and the events that belong to it, or the messages of many visitors
 * to one agent. Each would otherwise be a write of its own, and a write to the network costs as much as all that led to it.
 *
 * NOTE: what is said later in a turn leaves with its end, so whoever closes connections must let the turn end first.
 */
export function gatherTurnWrites(engine: Server['engine']): void {
  engine.on('connection', (connection: Connection) => {
    const flush = connection.flush?.bind(connection);
    if (!flush) return;
    let isTurn = false;
    let isWaiting = false;
    const write = (): void => {
      // Over WebSocket this is the line itself; each packet is written to it alone unless it is corked.
      const line = connection.request.socket;
      line.cork();
      flush();
      line.uncork();
    };
    const endTurn = (): void => {
      isTurn = false;
      if (!isWaiting) return;
      isWaiting = false;
      write();
    };
    connection.flush = () => {
      if (isTurn) {
        isWaiting = true;
        return;
      }
      isTurn = true;
      // Ahead of the network, behind all promises, whether one of them runs now or a tick: what they say belongs along.
      queueMicrotask(() => process.nextTick(endTurn));
      write();
    };
  });
}
