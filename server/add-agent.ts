import { parseArgs } from 'node:util';
import * as z from 'zod';
import { addToDepartments, findAgentByEmail, insertAgent } from './accounts/account-store.ts';
import { hashPassword, makePassword } from './accounts/password.ts';
import { parseConfig, readRawConfig } from './config.ts';
import { openDatabase } from './db/open.ts';
import { inTransaction } from './db/transaction.ts';
import { requireNoNode } from './node-claim.ts';
import { withDemoSite } from './sites/default-sites.ts';
import { ensureTenant, listSites, saveSite } from './sites/site-store.ts';

const USAGE = `Adds an agent who can sign in to the workspace.

  npm run add-agent -- --email ada@example.com --name "Ada Lind" [--department "Customer care"]…
  node server/add-agent.ts …   the same in the image, where there is no launcher

Without --department the agent answers for every department. The password is made up and printed once.`;

/** Adds an account from the command line, while or before the server runs. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { email: { type: 'string' }, name: { type: 'string' }, department: { type: 'string', multiple: true } },
  });
  const input = z.object({ email: z.email().max(254), name: z.string().trim().min(1).max(80) }).safeParse(values);
  if (!input.success) throw new UsageError(USAGE);
  const config = parseConfig(readRawConfig());
  const database = await openDatabase(config.databasePath, undefined, () => requireNoNode(config.dataDir));
  try {
    const { db } = database;
    // Before the first start there are none. After it they are the server's: this command may know less than it.
    const tenantId = await ensureTenant(db, 'Foyer', Date.now());
    const hasSites = (await listSites(db)).length > 0;
    if (!hasSites) {
      for (const site of withDemoSite(config.sites, config.hasDemo)) await saveSite(db, tenantId, site, Date.now());
    }
    if (await findAgentByEmail(db, input.data.email))
      throw new UsageError(`There is an account for ${input.data.email} already.`);
    const all = (await listSites(db)).flatMap((site) => site.departments);
    const unknown = values.department?.find((name) => !all.some((department) => department.name === name));
    if (unknown) {
      throw new UsageError(
        `There is no department "${unknown}". There are: ${all.map((department) => department.name).join(', ')}.`,
      );
    }
    const wanted = all.filter((department) => !values.department || values.department.includes(department.name));
    const password = makePassword();
    const passwordHash = await hashPassword(password);
    await inTransaction(db, async (unit) => {
      const agent = { ...input.data, tenantId, passwordHash, role: 'agent' as const, chatCap: config.chatCap };
      const agentId = await insertAgent(unit.db, agent, Date.now());
      await addToDepartments(
        unit.db,
        agentId,
        wanted.map((department) => department.departmentId),
      );
    });
    process.stdout.write(
      `${input.data.name} can sign in at /workspace/\n  E-mail    ${input.data.email}\n  Password  ${password}\n`,
    );
  } finally {
    await database.close();
  }
}

class UsageError extends Error {
  override name = 'UsageError';
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
