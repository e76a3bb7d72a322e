import type * as z from 'zod';
import type { EventOf } from '../../protocol/contract.ts';

export interface HeardEvent {
  name: string;
  event: unknown;
}

export interface EventLog<Events extends Record<string, z.ZodType>> {
  add(name: string, event: unknown): void;
  next<Name extends keyof Events & string>(
    name: Name,
    isWanted?: (event: EventOf<Events, Name>) => boolean,
    /** Ends the wait, so that it takes no event from a later one. */
    signal?: AbortSignal,
  ): Promise<EventOf<Events, Name>>;
  all(): readonly HeardEvent[];
  /** Nothing more will come: whoever waits is told why. */
  end(why: string): void;
}

interface Waiting {
  name: string;
  isWanted: (event: unknown) => boolean;
  resolve(event: unknown): void;
  reject(error: Error): void;
}

/** Longer than anything a flow waits for, on a busy machine too; reaching it is a failure and not a wait. */
const GIVE_UP_MS = 20_000;

/** Keeps every event of a page, checks it against the contract and gives each to whoever waits for it, once. */
export function createEventLog<Events extends Record<string, z.ZodType>>(schemas: Events): EventLog<Events> {
  const all: HeardEvent[] = [];
  let unseen: HeardEvent[] = [];
  const waiting = new Set<Waiting>();
  let ended: string | undefined;

  function give(): void {
    for (const waiter of waiting) {
      const found = unseen.findIndex(({ name, event }) => name === waiter.name && waiter.isWanted(event));
      const given = unseen[found];
      if (given === undefined) continue;
      waiting.delete(waiter);
      const subject = subjectOf(given.event);
      unseen = unseen.filter(
        ({ name, event }, index) => index > found || name !== given.name || subjectOf(event) !== subject,
      );
      waiter.resolve(given.event);
    }
  }

  return {
    add(name, event) {
      const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
      if (!schema) throw new Error(`The server sent "${name}", which the contract does not know.`);
      const heard = { name, event: schema.parse(event) };
      all.push(heard);
      unseen.push(heard);
      give();
    },
    next<Name extends keyof Events & string>(
      name: Name,
      isWanted?: (event: EventOf<Events, Name>) => boolean,
      signal?: AbortSignal,
    ) {
      return new Promise<EventOf<Events, Name>>((resolve, reject) => {
        const fail = (why: string): void => {
          const heard = all.map((entry) => entry.name).join(', ') || 'nothing';
          reject(new Error(`"${name}" did not come: ${why}. Heard: ${heard}.`));
        };
        const giveUp = setTimeout(() => {
          waiting.delete(waiter);
          fail(`waited ${GIVE_UP_MS} ms`);
        }, GIVE_UP_MS);
        const waiter: Waiting = {
          name,
          isWanted: (event) => isWanted?.(event as EventOf<Events, Name>) ?? true,
          resolve(event) {
            clearTimeout(giveUp);
            resolve(event as EventOf<Events, Name>);
          },
          reject(error) {
            clearTimeout(giveUp);
            fail(error.message);
          },
        };
        waiting.add(waiter);
        signal?.addEventListener('abort', () => {
          if (waiting.delete(waiter)) waiter.reject(new Error('nobody waits for it any more'));
        });
        give();
        if (ended !== undefined && waiting.delete(waiter)) waiter.reject(new Error(ended));
      });
    },
    all: () => all,
    end(why) {
      ended = why;
      for (const waiter of waiting) waiter.reject(new Error(why));
      waiting.clear();
    },
  };
}

/** What an event is about, so that two conversations of one agent do not get into each other's way. */
function subjectOf(event: unknown): unknown {
  if (typeof event !== 'object' || event === null) return undefined;
  if ('conversationId' in event) return event.conversationId;
  if ('conversation' in event) return subjectOf(event.conversation);
  if ('call' in event) return subjectOf(event.call);
  if ('share' in event) return subjectOf(event.share);
  if ('offer' in event) return subjectOf(event.offer);
  if ('offerId' in event) return event.offerId;
  if ('shareId' in event) return event.shareId;
  return undefined;
}
