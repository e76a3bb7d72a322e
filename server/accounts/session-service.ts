import type { AgentId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { hashToken, makeToken } from '../secret-token.ts';
import { findAgent, findAgentByEmail } from './account-store.ts';
import type { AgentRow } from './account-store.ts';
import { isPasswordRight, pretendToVerify } from './password.ts';
import {
  ACCOUNT_RULE,
  ADDRESS_RULE,
  forgetOldFailures,
  forgiveTry,
  takeTry,
  toAccountSubject,
} from './sign-in-throttle.ts';

/** A session ends after this long without use; each start of a workspace renews it. */
export const SESSION_MS = 7 * 24 * 60 * 60_000;

export interface AgentSession {
  agent: AgentRow;
  tokenHash: string;
}

export interface SessionService {
  /** @returns the token for the cookie; throws `wrong-credentials` or `locked-out` with `retryAfterMs` */
  signIn(email: string, password: string, address: string): Promise<{ token: string; agent: AgentRow }>;
  signOut(token: string): Promise<AgentId | undefined>;
  /** The agent behind a cookie, or undefined when it is forged, expired or the account is disabled. */
  findSession(token: string | undefined): Promise<AgentSession | undefined>;
  /** The person is at work in a page of this session: it lasts another seven days from now. */
  keepAlive(tokenHash: string): Promise<void>;
  /** Ends what nobody has used for too long; its open pages must be told. @returns the hashes of what ended */
  endExpired(): Promise<string[]>;
}

export function createSessionService(parts: { db: Db; now: () => number; log: Logger }): SessionService {
  const { db, now, log } = parts;

  async function renew(tokenHash: string): Promise<void> {
    await db
      .updateTable('agentSessions')
      .set({ expiresAt: now() + SESSION_MS })
      .where('tokenHash', '=', tokenHash)
      .where('expiresAt', '>', now())
      .execute();
  }

  return {
    async signIn(email, password, address) {
      const account = { subject: toAccountSubject(email), rule: ACCOUNT_RULE };
      const origin = { subject: `address:${address}`, rule: ADDRESS_RULE };
      const lockedUntil = await takeTry(db, [account, origin], now());
      if (lockedUntil !== undefined) {
        throw new AppError('locked-out', 'Too many failed tries. Please wait a moment and try again.', {
          details: { retryAfterMs: lockedUntil - now() },
        });
      }
      const agent = await findAgentByEmail(db, email);
      const isRight = agent ? await isPasswordRight(agent.passwordHash, password) : await pretendToVerify(password);
      if (!agent || isRight !== true || agent.disabledAt !== null) {
        log.info({ address }, 'sign-in refused');
        throw new AppError('wrong-credentials', 'E-mail and password do not match.');
      }
      await forgiveTry(db, account, origin);
      await forgetOldFailures(db, now());
      const token = makeToken();
      await db
        .insertInto('agentSessions')
        .values({
          tokenHash: hashToken(token),
          agentId: agent.agentId,
          createdAt: now(),
          expiresAt: now() + SESSION_MS,
        })
        .execute();
      log.info({ agentId: agent.agentId }, 'agent signed in');
      return { token, agent };
    },

    async signOut(token) {
      const ended = await db
        .deleteFrom('agentSessions')
        .where('tokenHash', '=', hashToken(token))
        .returning('agentId')
        .executeTakeFirst();
      if (ended) log.info({ agentId: ended.agentId }, 'agent signed out');
      return ended?.agentId;
    },

    async findSession(token) {
      if (!token || token.length > 256) return undefined;
      const tokenHash = hashToken(token);
      const session = await db
        .selectFrom('agentSessions')
        .select(['agentId', 'expiresAt'])
        .where('tokenHash', '=', tokenHash)
        .where('expiresAt', '>', now())
        .executeTakeFirst();
      if (!session) return undefined;
      const agent = await findAgent(db, session.agentId);
      if (!agent || agent.disabledAt !== null) return undefined;
      if (session.expiresAt - now() < SESSION_MS / 2) await renew(tokenHash);
      return { agent, tokenHash };
    },

    keepAlive: renew,

    async endExpired() {
      const ended = await db
        .deleteFrom('agentSessions')
        .where('expiresAt', '<=', now())
        .returning(['tokenHash', 'agentId'])
        .execute();
      for (const { agentId } of ended) log.info({ agentId }, 'session expired');
      return ended.map(({ tokenHash }) => tokenHash);
    },
  };
}
