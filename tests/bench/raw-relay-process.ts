import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/**
 * The middle of the raw pipe: what one page emits goes to every other page as it is, and who comes later is given all
 * that came before. Nothing is checked, packed or thrown away.
 */
const http = createServer();
const io = new Server(http, { serveClient: false, maxHttpBufferSize: 100_000_000 });
const kept: unknown[] = [];
io.on('connection', (socket) => {
  if ((socket.handshake.auth as { isViewer?: boolean }).isViewer) socket.emit('kept', kept);
  socket.on('event', (event: unknown) => {
    kept.push(event);
    socket.broadcast.emit('event', event);
  });
});
http.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
});
process.on('SIGTERM', () => process.exit(0));
