import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/**
 * The baseline: socket.io with nothing behind it. `echo` is answered by its ack, `relay` goes to everybody else in the
 * room of the pair before the ack, as a message does in Foyer, but nothing is checked and nothing stored.
 */
const http = createServer();
const io = new Server(http, { serveClient: false, perMessageDeflate: false });
io.on('connection', (socket) => {
  const { pair } = socket.handshake.auth as { pair?: string };
  if (pair) void socket.join(pair);
  socket.on('echo', (message: unknown, acknowledge: (answer: unknown) => void) => acknowledge(message));
  socket.on('relay', (message: unknown, acknowledge: (answer: unknown) => void) => {
    if (pair) io.to(pair).emit('relayed', message);
    acknowledge(message);
  });
});
http.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
});
process.on('SIGTERM', () => process.exit(0));
