import { Adapter } from 'socket.io-adapter';
import type { BroadcastOptions } from 'socket.io-adapter';

/**
 * The rooms of one node. What nobody in them would hear is not put into a packet: nearly every text is told to "the
 * visitor's other pages", and nearly every visitor has one. An adapter of several nodes takes the place of this one.
 */
export class LocalAdapter extends Adapter {
  override broadcast(packet: unknown, options: BroadcastOptions): void {
    if (this.#isHeard(options)) super.broadcast(packet, options);
  }

  #isHeard({ rooms, except }: BroadcastOptions): boolean {
    // Without a room it goes to everybody.
    if (rooms.size === 0) return true;
    for (const room of rooms)
      for (const socketId of this.rooms.get(room) ?? []) if (!except || !this.#isLeftOut(socketId, except)) return true;
    return false;
  }

  #isLeftOut(socketId: string, except: ReadonlySet<string>): boolean {
    for (const room of except) if (this.rooms.get(room)?.has(socketId)) return true;
    return false;
  }
}
