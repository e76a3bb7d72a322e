import type { EventOf, InputOf, OutputOf } from '../../../protocol/contract.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { CallId, ConversationId, SeatId } from '../../../protocol/ids.ts';
import type { CallView, SeatView } from '../../../protocol/media.ts';
import type {
  CallEventName,
  CallEvents,
  CallRequestName,
  CallRequests,
  CallSignalling,
  JoinedCall,
} from '../call-signalling.ts';

export const CALL_ID = '0190b000-0000-7000-8000-000000000001' as CallId;
export const OWN_SEAT_ID = '0190b000-0000-7000-8000-00000000000a' as SeatId;
export const OTHER_SEAT_ID = '0190b000-0000-7000-8000-00000000000b' as SeatId;

export function toCall(change: Partial<CallView> = {}, other: Partial<SeatView> = {}): CallView {
  const seat = { isMuted: true, isCameraOn: false, state: 'in' } as const;
  return {
    callId: CALL_ID,
    conversationId: '0190b000-0000-7000-8000-000000000002' as ConversationId,
    revision: 1,
    phase: 'connecting',
    modality: 'video',
    proposedBy: 'visitor',
    proposedAt: 0,
    liveAt: null,
    endedAt: null,
    endReason: null,
    seats: [
      { ...seat, seatId: OWN_SEAT_ID, party: 'visitor', name: 'Grace' },
      { ...seat, seatId: OTHER_SEAT_ID, party: 'agent', name: 'Mira', ...other },
    ],
    ...change,
  };
}

export class RefusedRequest extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
  }
}

type Answers = {
  [Name in CallRequestName]: (input: InputOf<CallRequests, Name>) => Promise<OutputOf<CallRequests, Name>>;
};

/** A server at the other end of the signalling, whose answers a test may change one by one. */
export function createFakeSignalling() {
  const asked: { name: CallRequestName; input: unknown }[] = [];
  const handlers = new Map<string, Set<(event: never) => void>>();
  const reconnected = new Set<() => void>();
  const server = { call: toCall(), generation: 1 };

  const transport = (transportId: string) => ({
    transportId,
    iceParameters: {},
    iceCandidates: [],
    dtlsParameters: {},
  });
  const toJoined = (): JoinedCall => ({
    call: server.call,
    seatId: OWN_SEAT_ID,
    generation: server.generation,
    routerRtpCapabilities: { codecs: [] },
    sendTransport: transport('send'),
    receiveTransport: transport('receive'),
    consumers: [],
    iceServers: [],
  });
  const done = () => Promise.resolve({});
  const answers: Answers = {
    'call:read-codecs': () => Promise.resolve({ routerRtpCapabilities: { codecs: [] } }),
    'call:propose-call': () => Promise.resolve({ call: server.call }),
    'call:accept-call': () => Promise.resolve({ call: server.call }),
    'call:decline-call': done,
    'call:join-call': () => Promise.resolve(toJoined()),
    'call:receive-tracks': () => Promise.resolve({ consumers: [] }),
    'call:prepare-join': () => Promise.resolve(toJoined()),
    'call:connect-transport': done,
    'call:publish-track': () => Promise.resolve({ producerId: 'producer' }),
    'call:set-track-paused': done,
    'call:unpublish-track': done,
    'call:resume-consumers': done,
    'call:restart-ice': () => Promise.resolve({ iceParameters: {} }),
    'call:report-quality': done,
    'call:hang-up': done,
  };
  const signalling: CallSignalling = {
    request(name, input) {
      asked.push({ name, input });
      return answers[name](input);
    },
    on(name, handler) {
      const known = handlers.get(name) ?? new Set();
      handlers.set(name, known.add(handler));
      return () => known.delete(handler);
    },
    onReconnected(handler) {
      reconnected.add(handler);
      return () => reconnected.delete(handler);
    },
  };

  return {
    signalling,
    server,
    answers,
    asked,
    countOf: (name: CallRequestName) => asked.filter((one) => one.name === name).length,
    say<Name extends CallEventName>(name: Name, event: EventOf<CallEvents, Name>): void {
      for (const handler of handlers.get(name) ?? []) (handler as (heard: typeof event) => void)(event);
    },
    comeBack(): void {
      for (const handler of reconnected) handler();
    },
    listenerCount: () => [...handlers.values()].reduce((sum, known) => sum + known.size, 0) + reconnected.size,
  };
}
