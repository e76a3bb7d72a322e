import type { CallView, SeatView } from '../../protocol/media.ts';
import type { ReceivedTrack } from './media-link.ts';

/** Somebody else in the call, with what can be heard and seen of them. */
export interface RemoteSeat {
  seatId: SeatView['seatId'];
  party: SeatView['party'];
  name: string;
  state: SeatView['state'];
  isMuted: boolean;
  isCameraOn: boolean;
  audio: MediaStream | null;
  /** Null unless a picture is being sent. */
  video: MediaStream | null;
}

/** Gives the same stream for the same track, so that a playing element is not torn down when something else changes. */
export type StreamOf = (track: MediaStreamTrack) => MediaStream;

export function createStreamOf(make: StreamOf = (track) => new MediaStream([track])): StreamOf {
  const streams = new WeakMap<MediaStreamTrack, MediaStream>();
  return (track) => {
    const known = streams.get(track);
    if (known !== undefined) return known;
    const stream = make(track);
    streams.set(track, stream);
    return stream;
  };
}

/** The others, as the server tells it and as the media arrives. Seats that have left are gone. */
export function toRemoteSeats(
  call: CallView | null,
  ownSeatId: SeatView['seatId'] | null,
  received: ReceivedTrack[],
  streamOf: StreamOf,
): RemoteSeat[] {
  // Before the seat is taken nobody can be told from oneself.
  if (call === null || ownSeatId === null) return [];
  const others = call.seats.filter((seat) => seat.seatId !== ownSeatId && seat.state !== 'left');
  return others.map((seat) => {
    const audio = received.find((one) => one.seatId === seat.seatId && one.source === 'microphone');
    const video = received.find((one) => one.seatId === seat.seatId && one.source === 'camera');
    // The media itself says it first; without media only the server knows.
    const isCameraOn = video === undefined ? seat.isCameraOn : !video.isPaused;
    return {
      seatId: seat.seatId,
      party: seat.party,
      name: seat.name,
      state: seat.state,
      isMuted: audio === undefined ? seat.isMuted : audio.isPaused,
      isCameraOn,
      audio: audio === undefined ? null : streamOf(audio.track),
      video: video === undefined || video.isPaused ? null : streamOf(video.track),
    };
  });
}
