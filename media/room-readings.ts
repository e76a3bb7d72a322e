import type { SeatId } from '../protocol/ids.ts';
import type { CallHost } from './call-host.ts';
import type { CallLimits } from './call-limits.ts';
import type { CallRoom } from './sfu/call-room.ts';

export interface RoomReadingsOptions {
  host: Pick<CallHost, 'now' | 'log' | 'calls'>;
  limits: Pick<CallLimits, 'statsPollMs' | 'statsKeepMs'>;
  listRooms(): CallRoom[];
}

/** Reads again and again what the seats of this node really send and get, so that rooms can act; keeps some of it. */
export function startRoomReadings({ host, limits, listRooms }: RoomReadingsOptions): { close(): void } {
  let isClosed = false;
  let lastKeptAt = host.now();
  let isPolling = false;
  const polling = setInterval(() => void pollRooms(), limits.statsPollMs).unref();

  async function pollRooms(): Promise<void> {
    if (isPolling) return;
    isPolling = true;
    await readRooms().finally(() => {
      isPolling = false;
    });
  }

  async function readRooms(): Promise<void> {
    const sampledAt = host.now();
    const isKept = sampledAt - lastKeptAt >= limits.statsKeepMs;
    if (isKept) lastKeptAt = sampledAt;
    const polled = listRooms().map(async (room) => {
      const readings = await room.pollTransports();
      return readings.map(({ seatId, direction, bitrate, packetLoss, score }) => ({
        callId: room.callId,
        seatId: seatId as SeatId,
        sampledAt,
        source: 'server' as const,
        direction,
        kind: 'all' as const,
        bitrate,
        packetLoss,
        jitterMs: null,
        roundTripMs: null,
        framesPerSecond: null,
        freezeCount: null,
        score,
      }));
    });
    try {
      const samples = (await Promise.all(polled)).flat();
      if (isKept && samples.length > 0 && !isClosed) await host.calls.insertQualitySamples(samples);
    } catch (error) {
      host.log.warn({ err: error }, 'transports could not be read');
    }
  }

  return {
    close() {
      isClosed = true;
      clearInterval(polling);
    },
  };
}
