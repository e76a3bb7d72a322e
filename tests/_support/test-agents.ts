import { randomUUID } from 'node:crypto';
import type { AgentId, DepartmentId } from '../../protocol/ids.ts';
import { addToDepartments, insertAgent } from '../../server/accounts/account-store.ts';
import { hashPassword } from '../../server/accounts/password.ts';
import { openDatabase } from '../../server/db/open.ts';
import type { Db } from '../../server/db/open.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { listSites } from '../../server/sites/site-store.ts';

export const ADMIN_EMAIL = 'admin@example.com';
export const ADMIN_PASSWORD = 'admin of the test server';
const AGENT_PASSWORD = 'an agent of the test server';

export interface NewTestAgent {
  name?: string;
  email?: string;
  password?: string;
  role?: 'admin' | 'agent';
  /** Left out: the site with the key `demo`. */
  siteKey?: string;
  /** Names within the site; left out: all of them. */
  departments?: string[];
  /** A start of the server brings it back to the configured one. */
  chatCap?: number;
}

export interface TestAgent {
  agentId: AgentId;
  name: string;
  email: string;
  password: string;
}

/** Hashing costs tens of milliseconds on purpose; every test agent may share one hash. */
let sharedHash: Promise<string> | undefined;

/** Adds an account to a database whose server has started once, through the functions that the product uses. */
export async function addAgent(databasePath: string, wanted: NewTestAgent = {}): Promise<TestAgent> {
  const name = wanted.name ?? 'Ada Lind';
  const email = wanted.email ?? `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}.${randomUUID()}@example.com`;
  const password = wanted.password ?? AGENT_PASSWORD;
  const passwordHash = await (password === AGENT_PASSWORD
    ? (sharedHash ??= hashPassword(AGENT_PASSWORD))
    : hashPassword(password));
  const database = await openDatabase(databasePath);
  try {
    const { tenantId, departmentIds } = await findDepartments(database.db, wanted);
    const agentId = await inTransaction(database.db, async (unit) => {
      const role = wanted.role ?? 'agent';
      const inserted = await insertAgent(
        unit.db,
        { tenantId, name, email, passwordHash, role, chatCap: wanted.chatCap ?? 6 },
        Date.now(),
      );
      await addToDepartments(unit.db, inserted, departmentIds);
      return inserted;
    });
    return { agentId, name, email, password };
  } finally {
    await database.close();
  }
}

async function findDepartments(
  db: Db,
  { siteKey = 'demo', departments }: NewTestAgent,
): Promise<{ tenantId: string; departmentIds: DepartmentId[] }> {
  const site = (await listSites(db)).find((known) => known.settings.key === siteKey);
  if (!site) throw new Error(`There is no site "${siteKey}" in this database.`);
  const missing = departments?.find((name) => !site.departments.some((department) => department.name === name));
  if (missing !== undefined) throw new Error(`There is no department "${missing}" in the site "${siteKey}".`);
  const answered = site.departments.filter(({ name }) => departments === undefined || departments.includes(name));
  return { tenantId: site.tenantId, departmentIds: answered.map(({ departmentId }) => departmentId) };
}
