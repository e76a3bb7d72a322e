import type { CallId, SeatId } from '../protocol/ids.ts';
import type { CallChanges } from './call-changes.ts';
import { CallError, callFaults } from './call-error.ts';
import type { CallCaller, CallHandlers, CallHost } from './call-host.ts';
import { requireOwnSeat } from './call-handlers.ts';
import type { CallLimits } from './call-limits.ts';
import type { CallRooms } from './call-rooms.ts';
import { requireNear } from './prepare-handlers.ts';
import type { ScreenCalls } from './screen-calls.ts';
import type { CallRoom } from './sfu/call-room.ts';
import { isScreenSource } from './sfu/codecs.ts';
import type { SeatHolder } from './sfu/seat-media.ts';

export interface TrackHandlerContext {
  host: CallHost;
  limits: CallLimits;
  changes: CallChanges;
  rooms: CallRooms;
  screens: ScreenCalls;
}

type TrackNames =
  | 'call:receive-tracks'
  | 'call:connect-transport'
  | 'call:publish-track'
  | 'call:set-track-paused'
  | 'call:unpublish-track'
  | 'call:resume-consumers'
  | 'call:restart-ice'
  | 'call:report-quality';

/** Requests of a page that holds a seat. Each checks anew that the seat, the page and every name are the caller's own. */
export function createTrackHandlers({
  host,
  limits,
  changes,
  rooms,
  screens,
}: TrackHandlerContext): Pick<CallHandlers, TrackNames> {
  const lastReportAt = new WeakMap<SeatHolder, number>();

  async function requirePage(
    { callId, clientId }: { callId: CallId; clientId: string },
    caller: CallCaller,
  ): Promise<{ room: CallRoom; holder: SeatHolder; seatId: string; isScreen: boolean }> {
    const { record, seat } = await requireOwnSeat(host, callId, caller);
    if (record.phase === 'proposed') throw callFaults.notAccepted();
    const room = rooms.find(callId);
    const holder = room?.listHolders().find(({ seatId }) => seatId === seat.seatId);
    if (seat.state === 'in' && seat.clientId !== clientId) throw callFaults.otherTab();
    if (room === undefined || holder === undefined || holder.clientId !== clientId) throw callFaults.restarted();
    // The page's connection was cut and came back while its media lived on: the seat follows it.
    holder.socketId = caller.socketId;
    if (seat.state === 'away') {
      await changes.apply(callId, { type: 'take-seat', seatId: seat.seatId, clientId }, host.now());
    }
    return { room, holder, seatId: seat.seatId, isScreen: record.modality === 'screen' };
  }

  return {
    async 'call:receive-tracks'(input, caller) {
      const { room, seatId } = await requirePage(input, caller);
      return { consumers: await room.receiveTracks(seatId, input.rtpCapabilities) };
    },

    async 'call:connect-transport'(input, caller) {
      const { role, fingerprints } = input.dtlsParameters;
      const dtlsParameters = role === undefined ? { fingerprints } : { role, fingerprints };
      const page = { personId: caller.personId, clientId: input.clientId };
      const isPrepared = () => rooms.find(input.callId)?.isPrepared(page) === true;
      if (isPrepared()) await requireNear(host, input.callId, caller);
      // Asked again: the page may have been let in meanwhile.
      if (isPrepared()) await rooms.find(input.callId)?.connectPrepared(page, input.transportId, dtlsParameters);
      else {
        const { room, seatId } = await requirePage(input, caller);
        await room.connectTransport(seatId, input.transportId, dtlsParameters);
      }
      return {};
    },

    async 'call:publish-track'(input, caller) {
      const { room, seatId, isScreen } = await requirePage(input, caller);
      const { transportId: transportName, source, kind, rtpParameters, isPaused } = input;
      if (isScreenSource(source) !== isScreen) {
        throw new CallError('bad-input', 'A screen has a connection of its own.', { details: { field: 'source' } });
      }
      if (isScreen) await screens.requireSharer(input.callId, caller);
      return { producerId: await room.publishTrack(seatId, { transportName, source, kind, rtpParameters, isPaused }) };
    },

    async 'call:set-track-paused'(input, caller) {
      const { room, seatId } = await requirePage(input, caller);
      await room.setTrackPaused(seatId, input.producerId, input.isPaused);
      return {};
    },

    async 'call:unpublish-track'(input, caller) {
      const { room, seatId } = await requirePage(input, caller);
      room.unpublishTrack(seatId, input.producerId);
      return {};
    },

    async 'call:resume-consumers'(input, caller) {
      const { room, seatId } = await requirePage(input, caller);
      await room.resumeConsumers(seatId, input.consumerIds);
      return {};
    },

    async 'call:restart-ice'(input, caller) {
      const { room, seatId } = await requirePage(input, caller);
      return { iceParameters: await room.restartIce(seatId, input.transportId) };
    },

    async 'call:report-quality'(input, caller) {
      const { holder, seatId } = await requirePage(input, caller);
      const { callId, samples } = input;
      const sampledAt = host.now();
      if (sampledAt - (lastReportAt.get(holder) ?? -Infinity) < limits.minQualityReportGapMs) return {};
      lastReportAt.set(holder, sampledAt);
      await host.calls.insertQualitySamples(
        samples.map((sample) => ({
          ...sample,
          callId,
          seatId: seatId as SeatId,
          sampledAt,
          source: 'browser' as const,
          score: null,
        })),
      );
      return {};
    },
  };
}
