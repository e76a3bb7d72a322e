import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDatabase } from '../db/open.ts';
import type { OpenDatabase } from '../db/open.ts';
import { createLogger } from '../logger.ts';
import { isPasswordRight, pretendToVerify } from './password.ts';
import { createSessionService } from './session-service.ts';

// The real functions, watched: what matters is that the work is done, not how long a busy machine takes for it.
vi.mock('./password.ts', { spy: true });

let database: OpenDatabase;
beforeEach(async () => {
  database = await openDatabase(':memory:');
});
afterEach(async () => {
  vi.clearAllMocks();
  await database.close();
});

test('[SE2] an unknown e-mail costs the same work as a wrong password', async () => {
  const sessions = createSessionService({ db: database.db, now: Date.now, log: createLogger({ level: 'silent' }) });
  await expect(sessions.signIn('nobody@example.com', 'a guess', '192.0.2.1')).rejects.toMatchObject({
    code: 'wrong-credentials',
  });
  expect(pretendToVerify).toHaveBeenCalledExactlyOnceWith('a guess');
  expect(isPasswordRight).not.toHaveBeenCalled();
});
