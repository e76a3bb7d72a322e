import type { AgentEvents, AgentRequests, EventOf, OutputOf } from '../../../protocol/contract.ts';
import type { OpeningHandler } from '../../connection/connection.ts';
import type { AgentConnection } from '../desk.ts';

type Session = OutputOf<AgentRequests, 'agent:start-session'>;

export interface ScriptedConnection {
  readonly connection: Pick<AgentConnection, 'on' | 'onConnected'>;
  /** The server says something. */
  tell<Name extends keyof AgentEvents & string>(name: Name, event: EventOf<AgentEvents, Name>): void;
  /** The line is there; its snapshot arrives when the test says so. */
  connect(): { answer(session: Session): Promise<void> };
}

/** A desk's connection whose every word the test says. */
export function scriptedConnection(): ScriptedConnection {
  const handlers = new Map<string, (event: unknown) => void>();
  let open: OpeningHandler<AgentRequests> = () => {};
  return {
    connection: {
      on(name, handler) {
        handlers.set(name, (event) => handler(event as EventOf<AgentEvents, typeof name>));
        return () => handlers.delete(name);
      },
      onConnected(handler) {
        open = handler;
        return () => {};
      },
    },
    tell: (name, event) => handlers.get(name)?.(event),
    connect() {
      const { promise, resolve } = Promise.withResolvers<Session>();
      const done = open({
        request: async <Name extends keyof AgentRequests>() => (await promise) as OutputOf<AgentRequests, Name>,
      });
      return {
        async answer(session) {
          resolve(session);
          await done;
        },
      };
    },
  };
}
