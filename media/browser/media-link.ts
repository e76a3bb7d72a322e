import type { ReadonlySignal } from '@preact/signals';
import type { ConsumerView, MediaPlace, TrackSource } from '../../protocol/media.ts';
import type { CallSignalling, JoinedCall } from './call-signalling.ts';
import type { LinkHealth } from './call-state.ts';

/** A track of somebody else, as it arrives. */
export interface ReceivedTrack {
  consumerId: string;
  seatId: ConsumerView['seatId'];
  source: TrackSource;
  track: MediaStreamTrack;
  /** The sender has paused it: muted, or camera off. */
  isPaused: boolean;
}

/** Statistics of both transports as the browser reports them. */
export interface LinkStats {
  sending: RTCStatsReport;
  receiving: RTCStatsReport;
}

/**
 * The media between this page and the server for one generation of a call: both transports and what they carry.
 * Local tracks are lent to it, so closing it leaves microphone and camera running for the next one.
 */
export interface MediaLink {
  readonly generation: number;
  readonly health: ReadonlySignal<LinkHealth>;
  readonly received: ReadonlySignal<ReceivedTrack[]>;
  /**
   * Makes what is sent of one source match: nothing, paused, or this track. What is withheld has its place at the
   * server, and nothing of it leaves the browser. Serialised per source, newest wish wins.
   */
  send(source: TrackSource, track: MediaStreamTrack | null, isPaused: boolean, isWithheld?: boolean): Promise<void>;
  /** Agrees ahead on how these sources will be sent. Opens no device and sends nothing. */
  prepareSending(sources: readonly TrackSource[]): void;
  /** Takes the tracks of the others in and lets them flow with one request. Known ones are skipped. */
  receive(consumers: ConsumerView[]): Promise<void>;
  /** Asks for all tracks of the others again; after a lost connection events may have been missed. */
  receiveAll(): Promise<void>;
  dropReceived(consumerId: string): void;
  setReceivedPaused(consumerId: string, isPaused: boolean): void;
  /** Lets the named ones flow again; the server answers with a fresh picture. */
  resume(consumerIds: string[]): Promise<void>;
  /**
   * Of a link that was opened `isPrepared`: its page has joined. What is built flows already where it is named, and is
   * asked for otherwise; what comes later flows by itself.
   */
  letIn(flowingIds: readonly string[]): void;
  restartIce(): Promise<void>;
  readStats(): Promise<LinkStats>;
  close(): void;
}

export interface MediaLinkOptions {
  signalling: CallSignalling;
  callId: JoinedCall['call']['callId'];
  clientId: string;
  joined: MediaPlace;
  /** The page has not joined yet: everything is built, and nothing is asked to flow. */
  isPrepared?: boolean;
  /** A request about this link was refused; the call decides what becomes of it. */
  onRefused: (error: unknown) => void;
}

/** Opens the link; the one in use is `openSfuLink`, tests bring a fake. */
export type OpenMediaLink = (options: MediaLinkOptions) => Promise<MediaLink>;
