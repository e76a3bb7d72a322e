import { signal } from '@preact/signals';
import type { Party } from '../../../protocol/ids.ts';
import type { ConnectionState } from '../connection.ts';
import type { ConversationLink } from '../conversation-link.ts';
import { RequestError, toRequestError } from '../request-error.ts';
import type { ManualClock } from './manual-clock.ts';
import type { ModelEvent, ModelServer } from './model-server.ts';

/** What happens to one packet: lost, or delivered once or several times, each after a delay. */
export type Route = number[];

/** The network between one page and the model server. Every answer is asked anew for each packet. */
export interface Network {
  toRequest(): Route;
  toAck(): Route;
  toEvent(): Route;
}

/** Everything arrives at once, in order. */
export const PERFECT_NETWORK: Network = { toRequest: () => [0], toAck: () => [0], toEvent: () => [0] };

export interface FakeLink {
  /** What the conversation client gets. */
  readonly link: ConversationLink;
  readonly asked: { name: string; input: unknown }[];
  goOnline(): void;
  /** Requests under way fail; those already travelling still reach the server. */
  goOffline(): void;
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Behaves as the real connection does, with a network that a test directs. */
export function createFakeLink(
  party: Party,
  server: ModelServer,
  clock: ManualClock,
  network: Network = PERFECT_NETWORK,
): FakeLink {
  const state = signal<ConnectionState>('online');
  const handlers = new Map<string, Set<(event: never) => void>>();
  const failures = new Set<(error: RequestError) => void>();
  const asked: { name: string; input: unknown }[] = [];
  let connectionNumber = 0;

  const stopHearing = server.onEvent((heard) => {
    if (state.value === 'online') travel(network.toEvent(), () => deliver(heard));
  });

  /** What was sent on an earlier connection never arrives on a later one. */
  function travel(route: Route, arrive: () => void): void {
    const sentOn = connectionNumber;
    for (const delayMs of route) {
      clock.after(delayMs, () => {
        if (state.value === 'online' && connectionNumber === sentOn) arrive();
      });
    }
  }

  function deliver({ name, event }: ModelEvent): void {
    for (const handler of handlers.get(name) ?? []) (handler as (heard: unknown) => void)(event);
  }

  function request(name: string, input: unknown, options: { timeoutMs?: number } = {}): Promise<never> {
    asked.push({ name, input });
    return new Promise((resolve, reject) => {
      const fail = (error: RequestError) => {
        failures.delete(fail);
        reject(error);
      };
      if (state.value !== 'online') return reject(new RequestError({ code: 'offline', message: 'offline' }));
      failures.add(fail);
      clock.after(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, () =>
        fail(new RequestError({ code: 'timeout', message: 'timeout' })),
      );
      // A request that has left arrives even if the connection breaks meanwhile: the worst case for doubling.
      for (const delayMs of network.toRequest()) clock.after(delayMs, () => answer(fail, resolve));
      return undefined;
    });

    function answer(fail: (error: RequestError) => void, resolve: (output: never) => void): void {
      try {
        const output = server.handle(party, name, input);
        travel(network.toAck(), () => {
          failures.delete(fail);
          resolve(output as never);
        });
      } catch (thrown) {
        travel(network.toAck(), () => fail(toRequestError(thrown)));
      }
    }
  }

  return {
    asked,
    link: {
      state,
      request,
      signal(name, input) {
        asked.push({ name, input });
        if (state.value === 'online') travel(network.toRequest(), () => server.handle(party, name, input));
      },
      on(name, handler) {
        const heard = handlers.get(name) ?? new Set();
        handlers.set(name, heard);
        heard.add(handler as (event: never) => void);
        return () => heard.delete(handler as (event: never) => void);
      },
    },
    goOnline() {
      if (state.value === 'online') return;
      connectionNumber += 1;
      state.value = 'online';
    },
    goOffline() {
      if (state.value !== 'online') return;
      state.value = 'reconnecting';
      for (const fail of failures) fail(new RequestError({ code: 'offline', message: 'offline' }));
    },
    close() {
      stopHearing();
      state.value = 'closed';
    },
  };
}
