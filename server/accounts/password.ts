import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's second choice for argon2id: 19 MiB, two passes; about 30 ms on a small server, off the main thread. */
const ARGON2_OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), ARGON2_OPTIONS);
}

export async function isPasswordRight(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password.normalize('NFKC'));
}

/** Verified when the e-mail is unknown, so that the answer takes as long as for a known one. */
let hashOfNobody: Promise<string> | undefined;
export async function pretendToVerify(password: string): Promise<void> {
  hashOfNobody ??= hashPassword('nobody signs in with this');
  await isPasswordRight(await hashOfNobody, password);
}

/** Without letters and digits that are mistaken for one another when copied from a terminal. */
const PASSWORD_LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const PASSWORD_LENGTH = 20;

/** A random password of about 115 bits. */
export function makePassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => PASSWORD_LETTERS[randomInt(PASSWORD_LETTERS.length)]).join('');
}
