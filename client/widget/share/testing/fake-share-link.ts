import { signal, type Signal } from '@preact/signals';
import type { EventOf, VisitorEvents } from '../../../../protocol/contract.ts';
import type { ErrorCode } from '../../../../protocol/errors.ts';
import type { ConnectionState } from '../../../connection/connection.ts';
import { RequestError } from '../../../connection/request-error.ts';
import { settle } from '../../../connection/testing/manual-clock.ts';
import type { ShareLink } from '../share-link.ts';

export interface SentRequest {
  name: string;
  // What a test reads of an input it knows.
  input: Record<string, unknown>;
  answer(output?: unknown): Promise<void>;
  refuse(code: ErrorCode, details?: Record<string, unknown>): Promise<void>;
}

export interface FakeShareLink extends ShareLink {
  readonly state: Signal<ConnectionState>;
  /** Everything that was sent and not answered yet, oldest first. */
  readonly open: SentRequest[];
  /** Names of everything that was ever sent, signals included. */
  readonly names: string[];
  /** The next unanswered request of this name. */
  take(name: string): SentRequest;
  tell<Name extends keyof VisitorEvents & string>(name: Name, event: EventOf<VisitorEvents, Name>): void;
}

/** The server's side of a page, answering when the test says so. */
export function createFakeShareLink(): FakeShareLink {
  const state = signal<ConnectionState>('online');
  const open: SentRequest[] = [];
  const names: string[] = [];
  const listeners = new Map<string, Set<(event: never) => void>>();

  const request = ((name: string, input: unknown) => {
    names.push(name);
    return new Promise<never>((resolve, reject) => {
      const leave = () => void open.splice(open.indexOf(sent), 1);
      const sent: SentRequest = {
        name,
        input: input as Record<string, unknown>,
        answer(output = {}) {
          leave();
          resolve(output as never);
          return settle();
        },
        refuse(code, details) {
          leave();
          reject(new RequestError({ code, message: code, ...(details === undefined ? {} : { details }) }));
          return settle();
        },
      };
      open.push(sent);
    });
  }) as ShareLink['request'];

  return {
    state,
    open,
    names,
    request,
    signal: (name) => void names.push(name),
    on(name, handler) {
      const handlers = listeners.get(name) ?? new Set();
      listeners.set(name, handlers);
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    take(name) {
      const found = open.find((sent) => sent.name === name);
      if (found === undefined)
        throw new Error(`No ${name} waits; there is ${open.map((sent) => sent.name).join(', ')}`);
      return found;
    },
    tell(name, event) {
      for (const handler of listeners.get(name) ?? []) handler(event as never);
    },
  };
}
