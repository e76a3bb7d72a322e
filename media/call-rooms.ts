import type { types } from 'mediasoup';
import type { CallId } from '../protocol/ids.ts';
import type { CallChanges } from './call-changes.ts';
import { callFaults } from './call-error.ts';
import type { CallLog } from './call-host.ts';
import type { CallLimits } from './call-limits.ts';
import { createCallRoom, type CallRoom, type CallRoomOptions } from './sfu/call-room.ts';
import { callCodecs, toHandedOutCapabilities, type HandedOutCapabilities } from './sfu/codecs.ts';
import type { MediaWorker } from './sfu/media-worker.ts';
import type { WorkerPool } from './sfu/worker-pool.ts';

export interface CallRoomsOptions extends Pick<CallRoomOptions, 'tellPage' | 'onIngressLimited'> {
  nodeId: string;
  log: CallLog;
  limits: CallLimits;
  workers: WorkerPool;
  changes: CallChanges;
  onTracksChanged(callId: CallId, seatId: string): void;
  onScreenSeen(callId: CallId): void;
  /** A screen that is paused lets nothing out, in a new room neither. */
  isShut(callId: CallId): Promise<boolean>;
  /** The room's worker died; its seats still name their pages. */
  onRoomLost(room: CallRoom): void;
}

/** The rooms of the calls that have their home on this node. */
export interface CallRooms {
  /** The call's room, built where there is none: at the first join, after a restart, after a dead worker. */
  ensure(callId: CallId): Promise<CallRoom>;
  find(callId: CallId): CallRoom | undefined;
  /** What browsers are told of the codecs; the same for every room. */
  readCodecs(): Promise<HandedOutCapabilities>;
  list(): CallRoom[];
  close(callId: CallId): void;
  closeAll(): void;
}

interface RoomEntry {
  building: Promise<CallRoom>;
  room: CallRoom | undefined;
}

/** A worker may die between being picked and being asked. */
const MAX_BUILD_ATTEMPTS = 3;

export function createCallRooms(options: CallRoomsOptions): CallRooms {
  const { nodeId, log, limits, workers, changes } = options;
  const entries = new Map<CallId, RoomEntry>();

  async function build(callId: CallId): Promise<CallRoom> {
    const { worker, router } = await createRouter();
    try {
      const { generation, phase, modality } = await changes.change(callId, (record) => {
        if (record.phase === 'ended') throw callFaults.ended();
        return { ...record, generation: record.generation + 1, homeNodeId: nodeId };
      });
      // The worker died while the row was written: nothing is lost but a number.
      if (router.closed) return await build(callId);
      const room = createCallRoom({
        callId,
        generation,
        worker,
        router,
        limits: modality === 'screen' ? { ...limits, maxIngressBitrate: limits.maxScreenIngressBitrate } : limits,
        log,
        tellPage: options.tellPage,
        onIngressLimited: options.onIngressLimited,
        onScreenSeen: () => options.onScreenSeen(callId),
        onTracksChanged: (seatId) => options.onTracksChanged(callId, seatId),
        onWorkerDied: (lost) => {
          if (entries.get(callId)?.room === lost) entries.delete(callId);
          options.onRoomLost(lost);
        },
      });
      if (phase === 'held') await room.setHeld(true);
      if (modality === 'screen' && (await options.isShut(callId))) await room.setShut(true);
      log.debug({ callId, generation, workerPid: worker.pid }, 'call room built');
      return room;
    } catch (error) {
      router.close();
      throw error;
    }
  }

  async function createRouter(): Promise<{ worker: MediaWorker; router: types.Router }> {
    let cause: unknown;
    for (let attempt = 0; attempt < MAX_BUILD_ATTEMPTS; attempt += 1) {
      const worker = await workers.acquire(limits.workerWaitMs);
      try {
        return { worker, router: await worker.createRouter(callCodecs) };
      } catch (error) {
        cause = error;
      }
    }
    throw callFaults.noMedia(cause);
  }

  let codecs: Promise<HandedOutCapabilities> | undefined;
  /** Only a router knows them in full; one is made for the question once. */
  async function askForCodecs(): Promise<HandedOutCapabilities> {
    const { router } = await createRouter();
    const capabilities = toHandedOutCapabilities(router.rtpCapabilities);
    router.close();
    return capabilities;
  }

  async function settle(callId: CallId, entry: RoomEntry): Promise<void> {
    try {
      entry.room = await entry.building;
    } catch {
      if (entries.get(callId) === entry) entries.delete(callId);
    }
  }

  function close(callId: CallId): void {
    const entry = entries.get(callId);
    entries.delete(callId);
    entry?.building.then(
      (room) => room.close(),
      () => {},
    );
  }

  return {
    ensure(callId) {
      const known = entries.get(callId);
      if (known) return known.building;
      const entry: RoomEntry = { building: build(callId), room: undefined };
      entries.set(callId, entry);
      void settle(callId, entry);
      return entry.building;
    },
    readCodecs() {
      if (codecs === undefined) {
        codecs = askForCodecs();
        codecs.catch(() => (codecs = undefined));
      }
      return codecs;
    },
    find: (callId) => entries.get(callId)?.room,
    list: () => [...entries.values()].flatMap(({ room }) => (room ? [room] : [])),
    close,
    closeAll() {
      for (const callId of entries.keys()) close(callId);
    },
  };
}
