import { expect, test } from 'vitest';
import { agentAda, NINE_OCLOCK } from './desk-fixtures.ts';
import { createSignIn } from './sign-in-state.ts';
import type { SessionDoors } from './sign-in-state.ts';

const signedInAnswer = { isSignedIn: true, agent: agentAda() } as const;
const nobody = { isSignedIn: false, fault: { fault: 'refused', code: 'not-signed-in' } } as const;

function signInWith(doors: Partial<SessionDoors>) {
  return createSignIn(
    {
      fetchSession: async () => nobody,
      signIn: async () => signedInAnswer,
      signOut: async () => true,
      ...doors,
    },
    () => NINE_OCLOCK,
  );
}

test('[A1] a browser with a good cookie goes straight to the desk', async () => {
  const { state, check } = signInWith({ fetchSession: async () => signedInAnswer });
  await check();
  expect(state.value).toMatchObject({ phase: 'signed-in', agent: { name: 'Ada Lind' } });
});

test('[A1] without a cookie the sign-in page shows; without a server it says so', async () => {
  const without = signInWith({});
  await without.check();
  expect(without.state.value).toEqual({ phase: 'signed-out', reason: null });
  const away = signInWith({ fetchSession: async () => ({ isSignedIn: false, fault: { fault: 'unreachable' } }) });
  await away.check();
  expect(away.state.value).toEqual({ phase: 'unreachable' });
});

test('[A1] pressing "Sign in" twice asks the server once', async () => {
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<typeof signedInAnswer>();
  const door = signInWith({
    signIn: () => {
      asked += 1;
      return promise;
    },
  });
  const first = door.signIn('a', 'b');
  const second = door.signIn('a', 'b');
  resolve(signedInAnswer);
  await Promise.all([first, second]);
  expect(asked).toBe(1);
  expect(door.state.value.phase).toBe('signed-in');
});

test('[A1] a wrong password keeps the page and says what is wrong', async () => {
  const fault = { fault: 'wrong-credentials' } as const;
  const { state, signIn } = signInWith({ signIn: async () => ({ isSignedIn: false, fault }) });
  await signIn('a', 'b');
  expect(state.value).toEqual({ phase: 'rejected', fault, at: NINE_OCLOCK });
});

test('[A1] a session that ended elsewhere leads to the sign-in page with the reason', async () => {
  const { state, signIn, handleSignedOut } = signInWith({});
  await signIn('a', 'b');
  handleSignedOut('disabled');
  expect(state.value).toEqual({ phase: 'signed-out', reason: 'disabled' });
});

test('[A1] a sign-out that did not reach the server is not passed off as done', async () => {
  const { state, signIn, signOut } = signInWith({ signOut: async () => false });
  await signIn('a', 'b');
  await signOut();
  expect(state.value).toEqual({ phase: 'unreachable' });
});
