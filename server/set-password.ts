import { parseArgs } from 'node:util';
import * as z from 'zod';
import { endSessionsOf, findAgentByEmail, setPasswordHash } from './accounts/account-store.ts';
import { hashPassword, makePassword } from './accounts/password.ts';
import { forgiveAccount } from './accounts/sign-in-throttle.ts';
import { parseConfig, readRawConfig } from './config.ts';
import { openDatabase } from './db/open.ts';
import { inTransaction } from './db/transaction.ts';
import { requireNoNode } from './node-claim.ts';

const USAGE = `Gives an account a new password and ends everywhere it is signed in.

  npm run set-password -- --email ada@example.com
  node server/set-password.ts …   the same in the image, where there is no launcher

The password is made up and printed once. A first admin whose password is lost gets in again this way.`;

/** From the command line, while the server runs or not: a running one lets go of the open pages within a second. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { email: { type: 'string' } } });
  const input = z.object({ email: z.email().max(254) }).safeParse(values);
  if (!input.success) throw new Error(USAGE);
  const { email } = input.data;
  const config = parseConfig(readRawConfig());
  const database = await openDatabase(config.databasePath, undefined, () => requireNoNode(config.dataDir));
  try {
    const agent = await findAgentByEmail(database.db, email);
    if (!agent) throw new Error(`There is no account for ${email}.`);
    const password = makePassword();
    const passwordHash = await hashPassword(password);
    await inTransaction(database.db, async (unit) => {
      await setPasswordHash(unit.db, agent.agentId, passwordHash);
      await endSessionsOf(unit.db, agent.agentId, Date.now());
      await forgiveAccount(unit.db, agent.email);
    });
    process.stdout.write(
      `${agent.name} can sign in at /workspace/ with a new password\n  E-mail    ${agent.email}\n  Password  ${password}\n`,
    );
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
