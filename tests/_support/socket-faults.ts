import type { BrowserContext } from 'playwright-core';

export type SocketFault = 'lost' | 'doubled' | 'swapped' | 'late';

/** What is done to some messages on the sockets of a context's pages, both ways, until it is healed. */
export interface SocketFaults {
  readonly counts: Readonly<Record<SocketFault, number>>;
  /** From now on everything passes; what was held back goes first. */
  heal(): void;
}

export interface FaultPlan {
  seed: number;
  /** Only these requests and events; the rest passes untouched. */
  names: readonly string[];
  /** Of how many messages one is hit. */
  oneIn: number;
}

type Message = string | Buffer;
const KINDS: readonly SocketFault[] = ['lost', 'doubled', 'swapped', 'late'];
/** Messages that a late one lets pass. */
const LATE_BY = 4;

/** To be called before a page of the context opens. A message and its attachments share their fate. */
export async function injectFaults(context: BrowserContext, { seed, names, oneIn }: FaultPlan): Promise<SocketFaults> {
  const counts = { lost: 0, doubled: 0, swapped: 0, late: 0 };
  const ways = new Set<() => void>();
  let isHealed = false;
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };

  function createWay(send: (message: Message) => void): (message: Message) => void {
    let open: Message[] = [];
    let missing = 0;
    let held: { messages: Message[]; waits: number }[] = [];

    function pass(messages: readonly Message[]): void {
      for (const message of messages) send(message);
    }

    function decide(messages: Message[]): void {
      const fault = isHealed || random(oneIn) > 0 ? undefined : KINDS[random(KINDS.length)];
      if (fault !== undefined) counts[fault] += 1;
      if (fault === 'late' || fault === 'swapped') held.push({ messages, waits: fault === 'late' ? LATE_BY : 1 });
      else if (fault !== 'lost') {
        pass(messages);
        if (fault === 'doubled') pass(messages);
        for (const each of held) each.waits -= 1;
        const due = held.filter(({ waits }) => waits <= 0);
        held = held.filter(({ waits }) => waits > 0);
        for (const each of due) pass(each.messages);
      }
    }

    ways.add(() => {
      for (const { messages } of held) pass(messages);
      held = [];
    });
    return (message) => {
      if (typeof message === 'string') {
        const attachments = Number(/^4[56](\d+)-/.exec(message)?.[1] ?? 0);
        const isMeant = attachments > 0 && names.some((name) => message.includes(`["${name}"`));
        if (!isMeant) return send(message);
        open = [message];
        missing = attachments;
        return;
      }
      if (missing === 0) return send(message);
      open.push(message);
      missing -= 1;
      if (missing > 0) return;
      const whole = open;
      open = [];
      decide(whole);
    };
  }

  await context.routeWebSocket(/\/socket\.io\//, (near) => {
    const far = near.connectToServer();
    near.onMessage(createWay((message) => far.send(message)));
    far.onMessage(createWay((message) => near.send(message)));
  });
  return {
    counts,
    heal() {
      isHealed = true;
      for (const release of ways) release();
    },
  };
}
