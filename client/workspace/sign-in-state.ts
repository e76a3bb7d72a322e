import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { AgentView } from '../../protocol/accounts.ts';
import type { AgentEvents, EventOf } from '../../protocol/contract.ts';
import type { SessionAnswer, SignInFault } from './session-api.ts';

export type SignedOutReason = EventOf<AgentEvents, 'agent:signed-out'>['reason'];

/** Who sits at this workspace. The address stays as it is throughout, so that a new sign-in leads back to it. */
export type SignInState =
  | { phase: 'checking' }
  | { phase: 'unreachable' }
  | { phase: 'signed-out'; reason: SignedOutReason | null }
  | { phase: 'signing-in' }
  | { phase: 'rejected'; fault: SignInFault; at: number }
  | { phase: 'signed-in'; agent: AgentView };

export interface SignIn {
  readonly state: ReadonlySignal<SignInState>;
  /** Asks the server whether the browser's cookie is still good. */
  check(): Promise<void>;
  signIn(email: string, password: string): Promise<void>;
  /** The agent leaves by the button. */
  signOut(): Promise<void>;
  /** The server said that the session is over. */
  handleSignedOut(reason: SignedOutReason): void;
}

/** The three doors of the session as this folder needs them. */
export interface SessionDoors {
  fetchSession(): Promise<SessionAnswer>;
  signIn(email: string, password: string): Promise<SessionAnswer>;
  signOut(): Promise<boolean>;
}

export function createSignIn(doors: SessionDoors, now: () => number): SignIn {
  const state = signal<SignInState>({ phase: 'checking' });

  return {
    state,
    async check() {
      state.value = { phase: 'checking' };
      const answer = await doors.fetchSession();
      if (answer.isSignedIn) state.value = { phase: 'signed-in', agent: answer.agent };
      else if (answer.fault.fault === 'unreachable') state.value = { phase: 'unreachable' };
      else state.value = { phase: 'signed-out', reason: null };
    },
    async signIn(email, password) {
      if (state.value.phase === 'signing-in') return;
      state.value = { phase: 'signing-in' };
      const answer = await doors.signIn(email, password);
      state.value = answer.isSignedIn
        ? { phase: 'signed-in', agent: answer.agent }
        : { phase: 'rejected', fault: answer.fault, at: now() };
    },
    async signOut() {
      // The page lets go first: whatever the network does, nobody goes on reading over the agent's shoulder.
      state.value = { phase: 'signed-out', reason: null };
      const isDone = await doors.signOut();
      if (!isDone) state.value = { phase: 'unreachable' };
    },
    handleSignedOut(reason) {
      if (state.value.phase === 'signed-in') state.value = { phase: 'signed-out', reason };
    },
  };
}
