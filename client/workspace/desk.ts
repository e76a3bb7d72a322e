import { computed, effect, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { AgentEvents, AgentRequests } from '../../protocol/contract.ts';
import type { Connection } from '../connection/connection.ts';
import { emptyDesk, nextDesk } from './desk-state.ts';
import type { DeskEvent, DeskState } from './desk-state.ts';

export type AgentConnection = Connection<AgentRequests, AgentEvents>;

export interface Desk {
  readonly state: ReadonlySignal<DeskState>;
  /** The server's clock, as well as this page knows it. */
  serverNow(): number;
  /** For answers that carry news which an event will also bring, a little later. */
  apply(event: DeskEvent): void;
  close(): void;
}

/** An offer's time is looked at as often as its card counts it down. */
const LOOK_AT_OFFERS_EVERY_MS = 1_000;

/** Keeps the desk's state in step with the server: a snapshot on each connection, then every event. */
export function createDesk(connection: Pick<AgentConnection, 'on' | 'onConnected'>, now: () => number): Desk {
  const state = signal<DeskState>(emptyDesk);
  /** Heard while the snapshot was on its way: it may have been read before these happened. */
  let heardMeanwhile: DeskEvent[] | null = null;

  const hear = (event: DeskEvent): void => {
    heardMeanwhile?.push(event);
    state.value = nextDesk(state.value, event);
  };

  const serverNow = (): number => now() + (state.value.phase === 'ready' ? state.value.clockOffsetMs : 0);

  const hasOffers = computed(() => state.value.phase === 'ready' && state.value.offers.length > 0);
  const lookAtOffers = (): void => {
    state.value = nextDesk(state.value, { kind: 'time-passed', serverNow: serverNow() });
  };

  const endings = [
    effect(() => {
      if (!hasOffers.value) return undefined;
      // NOTE: a timeout set for the moment itself would come too late after the computer has slept.
      const timer = setInterval(lookAtOffers, LOOK_AT_OFFERS_EVERY_MS);
      return () => clearInterval(timer);
    }),
    connection.on('agent:changed', ({ agent }) => hear({ kind: 'agent-changed', agent })),
    connection.on('conversation:changed', ({ conversation }) => hear({ kind: 'conversation-changed', conversation })),
    connection.on('conversation:message-added', (event) => hear({ kind: 'message-added', ...event })),
    connection.on('conversation:marks-changed', (event) => hear({ kind: 'marks-changed', ...event })),
    connection.on('conversation:left-messages-changed', (event) => hear({ kind: 'left-messages-changed', ...event })),
    connection.on('call:changed', (event) => hear({ kind: 'call-changed', ...event })),
    connection.on('share:changed', (event) => hear({ kind: 'share-changed', ...event })),
    connection.on('routing:offer-made', ({ offer }) => hear({ kind: 'offer-made', offer })),
    connection.on('routing:offer-closed', ({ offerId }) => hear({ kind: 'offer-closed', offerId })),
    connection.on('routing:queue-updated', ({ queue }) => hear({ kind: 'queue-updated', queue })),
    connection.onConnected(async ({ request }) => {
      const heard: DeskEvent[] = [];
      heardMeanwhile = heard;
      try {
        const session = await request('agent:start-session', {});
        const started: DeskEvent = { kind: 'session-started', session, receivedAt: now() };
        state.value = heard.reduce(nextDesk, nextDesk(state.value, started));
      } finally {
        if (heardMeanwhile === heard) heardMeanwhile = null;
      }
    }),
  ];

  return {
    state,
    serverNow,
    apply: hear,
    close() {
      for (const end of endings.splice(0)) end();
    },
  };
}
