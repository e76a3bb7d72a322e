import type { AgentEvents, EventOf } from '../../../../protocol/contract.ts';
import type { ErrorCode } from '../../../../protocol/errors.ts';
import { RequestError } from '../../../connection/request-error.ts';
import { settle } from '../../../connection/testing/manual-clock.ts';
import type { ShareWatchOptions } from '../share-watch.ts';

type Link = ShareWatchOptions['connection'];

export interface FakeDeskLink extends Link {
  /** Names and inputs of everything that was sent, signals included, oldest first. */
  readonly sent: { name: string; input: Record<string, unknown> }[];
  /** What the server answers to requests of this name from now on; an error code refuses them. */
  answer(name: string, output: object | ErrorCode): void;
  tell<Name extends keyof AgentEvents & string>(name: Name, event: EventOf<AgentEvents, Name>): void;
  /** The connection comes back: what was registered for it runs again. */
  reconnect(): Promise<void>;
}

/** The server's side of a workspace, whose answers are prepared. */
export function createFakeDeskLink(): FakeDeskLink {
  const sent: FakeDeskLink['sent'] = [];
  const answers = new Map<string, object | ErrorCode>();
  const listeners = new Map<string, Set<(event: never) => void>>();
  const openings = new Set<(opening: { request: Link['request'] }) => Promise<void> | void>();

  const request = (async (name: string, input: object) => {
    sent.push({ name, input: { ...input } });
    const answer = answers.get(name) ?? {};
    if (typeof answer === 'string') throw new RequestError({ code: answer, message: answer });
    return answer;
  }) as Link['request'];

  return {
    sent,
    request,
    signal: (name, input) => void sent.push({ name, input: { ...input } }),
    answer: (name, output) => void answers.set(name, output),
    on(name, handler) {
      const handlers = listeners.get(name) ?? new Set();
      listeners.set(name, handlers);
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    onConnected(handler) {
      openings.add(handler);
      void handler({ request });
      return () => openings.delete(handler);
    },
    tell(name, event) {
      for (const handler of listeners.get(name) ?? []) handler(event as never);
    },
    async reconnect() {
      for (const handler of openings) await handler({ request });
      await settle();
    },
  };
}
