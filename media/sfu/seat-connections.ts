import type { types } from 'mediasoup';
import type { CallId } from '../../protocol/ids.ts';
import type { TransportOptions } from '../../protocol/media.ts';
import { CallError, callFaults } from '../call-error.ts';
import type { CallLimits } from '../call-limits.ts';
import { toHandedOutCapabilities, type HandedOutCapabilities } from './codecs.ts';
import type { MediaWorker } from './media-worker.ts';
import { createSeatMedia, type SeatHolder, type SeatMedia, type SeatNames, type TellPage } from './seat-media.ts';

/** What a page needs to build its side of both connections. */
export interface SeatPlace {
  routerRtpCapabilities: HandedOutCapabilities;
  sendTransport: TransportOptions;
  receiveTransport: TransportOptions;
}

export interface SeatConnectionsOptions {
  callId: CallId;
  worker: MediaWorker;
  router: types.Router;
  limits: CallLimits;
  names: SeatNames;
  tellPage: TellPage;
  ask<Answer>(work: () => Promise<Answer>): Promise<Answer>;
  askOwn<Answer>(work: () => Promise<Answer>): Promise<Answer>;
}

/** Above the default 30 s, so that a phone that lost its network comes back by an ICE restart alone. */
const ICE_CONSENT_TIMEOUT_S = 45;
const INITIAL_OUTGOING_BITRATE = 1_000_000;

/** Makes the two connections of a page to the media worker, and completes them with what the page says. */
export function createSeatConnections(options: SeatConnectionsOptions) {
  const { callId, worker, router, limits, names, tellPage, ask, askOwn } = options;

  function createTransport(direction: 'send' | 'receive'): Promise<types.WebRtcTransport> {
    return router.createWebRtcTransport({
      webRtcServer: worker.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      iceConsentTimeout: ICE_CONSENT_TIMEOUT_S,
      ...(direction === 'receive' ? { initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE } : {}),
    });
  }

  return {
    /** Both connections for a page; closed again when it turns out meanwhile that they are not wanted. */
    async make(holder: SeatHolder, isWanted: () => boolean): Promise<SeatMedia> {
      const [sendTransport, receiveTransport] = await askOwn(() =>
        Promise.all([createTransport('send'), createTransport('receive')]),
      );
      if (router.closed || !isWanted()) {
        sendTransport.close();
        receiveTransport.close();
        throw router.closed ? callFaults.restarted() : callFaults.otherTab();
      }
      // Advice to the browser; what it really sends is read and judged in pollTransports.
      void ask(() => sendTransport.setMaxIncomingBitrate(limits.maxIngressBitrate)).catch(() => {});
      return createSeatMedia({
        holder,
        sendTransport,
        receiveTransport,
        scoreGapMs: limits.scoreGapMs,
        tellScores: (scores) => tellPage(holder, 'call:scores-changed', { callId, ...scores }),
      });
    },

    placeOf({ sendTransport, receiveTransport }: SeatMedia): SeatPlace {
      return {
        routerRtpCapabilities: toHandedOutCapabilities(router.rtpCapabilities),
        sendTransport: names.toTransportOptions(sendTransport),
        receiveTransport: names.toTransportOptions(receiveTransport),
      };
    },

    async connect(seat: SeatMedia, transportName: string, dtlsParameters: types.DtlsParameters): Promise<void> {
      const transport = names.requireTransport(seat, transportName);
      // NOTE: not by `dtlsState`: browsers may start the handshake before they say how, and it reads "connecting" then.
      if (seat.connected.has(transport)) {
        throw new CallError('invalid-transition', 'This connection has been made already.');
      }
      seat.connected.add(transport);
      await ask(() => transport.connect({ dtlsParameters }));
    },
  };
}
