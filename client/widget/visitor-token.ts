import type { VisitorMemory } from './visitor-memory.ts';

/** Who this page is to the server. All pages of a browser on one site are one visitor, however many open at once. */
export interface VisitorToken {
  /** For the handshake. Where there is none yet, one page at a time asks for one, and the others wait for it. */
  find(): Promise<string | undefined>;
  /**
   * The server has answered, with a token where it made a new visitor.
   *
   * @returns false when another page has become somebody meanwhile: this one is to connect again, as that visitor
   */
  take(made: string | undefined): boolean;
  /** "Not you?": from now on all pages are this new visitor. */
  replace(made: string): void;
  close(): void;
}

export interface VisitorTokenOptions {
  memory: VisitorMemory;
  siteKey: string;
  /** Where the browser has none, as on insecure pages, the pages agree by what is stored in the end. */
  locks: Locks | undefined;
  /** This page cannot become somebody else: a conversation runs, or has just been asked for. */
  isNeeded(): boolean;
  /** Another page has become somebody else, and this one is to follow. */
  onReplaced(): void;
}

export interface Locks {
  request(name: string, options: { signal: AbortSignal }, work: () => Promise<void>): Promise<unknown>;
}

/** Longer than a start takes; a page whose network hangs must not keep the others waiting. */
const MAX_TURN_MS = 4_000;

export function createVisitorToken(options: VisitorTokenOptions): VisitorToken {
  const { memory, siteKey, locks, isNeeded, onReplaced } = options;
  let own: string | undefined;
  /** The server has answered to it. */
  let isSettled = false;
  /** Two pages that both need their own would otherwise replace each other's for ever. */
  let replaced: string | undefined;
  let endTurn: () => void = () => undefined;

  /** What another page has stored is followed, or replaced where this page cannot. */
  function isStillOwn(): boolean {
    const kept = memory.findToken();
    if (kept === undefined || kept === own) return true;
    if (own === undefined || !isSettled || !isNeeded()) return false;
    if (kept === replaced) return true;
    replaced = kept;
    memory.keepToken(own);
    return true;
  }

  function keep(token: string): void {
    own = token;
    memory.keepToken(token);
  }

  /** Resolves once it is this page's turn, or it has waited for too long: better a second visitor than none. */
  function takeTurn(within: Locks): Promise<void> {
    const waiting = new AbortController();
    setTimeout(() => waiting.abort(), MAX_TURN_MS);
    return new Promise((resolve) => {
      const hold = () =>
        new Promise<void>((release) => {
          endTurn = release;
          resolve();
        });
      within.request(`foyer:visitor:${siteKey}`, { signal: waiting.signal }, hold).catch(() => resolve());
    });
  }

  const stopHearing = memory.onTokenChanged(() => {
    if (isSettled && !isStillOwn()) onReplaced();
  });

  return {
    async find() {
      endTurn();
      if (memory.findToken() === undefined && locks !== undefined) await takeTurn(locks);
      let kept = memory.findToken();
      // Somebody has cleared the browser's storage under a conversation: its page remembers whose it is.
      if (kept === undefined && own !== undefined && isSettled && isNeeded()) keep((kept = own));
      if (kept === undefined || !isStillOwn()) {
        own = kept;
        isSettled = false;
      }
      if (own !== undefined) endTurn();
      return own;
    },
    take(made) {
      isSettled = isStillOwn();
      if (isSettled && made !== undefined) keep(made);
      endTurn();
      return isSettled;
    },
    replace: keep,
    close() {
      stopHearing();
      endTurn();
    },
  };
}
