import type { types } from 'mediasoup';
import { readScores, type SeatMedia } from './seat-media.ts';
import { judgeIngress, type IngressVerdict } from './transport-limits.ts';

/** What one transport of one seat carried; `send` is what the seat sends to us. Rates are bit/s, losses 0 to 1. */
export interface TransportReading {
  seatId: string;
  direction: 'send' | 'receive';
  bitrate: number;
  packetLoss: number | null;
  /** 0 to 10; null while nothing flows. */
  score: number | null;
}

/** Reads both transports of a seat and judges what it sends. A transport that is gone meanwhile has no reading. */
export async function readTransports(
  seat: SeatMedia,
  maxIngressBitrate: number,
): Promise<{ readings: TransportReading[]; verdict: IngressVerdict; ingressBitrate: number }> {
  const { seatId } = seat.holder;
  const [sent, received] = await Promise.all([readStat(seat.sendTransport), readStat(seat.receiveTransport)]);
  const readings: TransportReading[] = [];
  const scores = readScores(seat);
  const ingressBitrate = sent?.recvBitrate ?? 0;
  const judged = judgeIngress(seat.ingress, ingressBitrate, maxIngressBitrate);
  seat.ingress = judged.watch;
  if (sent) {
    readings.push({
      seatId,
      direction: 'send',
      bitrate: ingressBitrate,
      packetLoss: sent.rtpPacketLossReceived ?? null,
      score: scores.sending,
    });
  }
  if (received) {
    const { sendBitrate, rtpPacketLossSent } = received;
    readings.push({
      seatId,
      direction: 'receive',
      bitrate: sendBitrate,
      packetLoss: rtpPacketLossSent ?? null,
      score: scores.receiving,
    });
  }
  return { readings, verdict: judged.verdict, ingressBitrate };
}

async function readStat(transport: types.WebRtcTransport): Promise<types.WebRtcTransportStat | undefined> {
  if (transport.closed) return undefined;
  const stats = await transport.getStats().catch(() => []);
  return stats[0];
}
