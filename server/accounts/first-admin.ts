import type { Config } from '../config.ts';
import type { Db } from '../db/open.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SiteService } from '../sites/site-service.ts';
import { addToDepartments, countAgents, insertAgent } from './account-store.ts';
import { hashPassword, makePassword } from './password.ts';

/**
 * Creates the admin when nobody can sign in yet.
 *
 * @returns the password when it was made up and must be shown once, otherwise null
 */
export async function ensureFirstAdmin(
  db: Db,
  sites: SiteService,
  { admin, chatCap }: Pick<Config, 'admin' | 'chatCap'>,
  now: number,
): Promise<{ email: string; password: string } | null> {
  if ((await countAgents(db)) > 0) {
    await joinNewDepartments(db, sites);
    return null;
  }
  const password = admin.password ?? makePassword();
  const passwordHash = await hashPassword(password);
  await inTransaction(db, async (unit) => {
    const agentId = await insertAgent(
      unit.db,
      { tenantId: sites.tenantId, email: admin.email, name: 'Admin', passwordHash, role: 'admin', chatCap },
      now,
    );
    await addToDepartments(unit.db, agentId, allDepartmentIds(sites));
  });
  return admin.password === null ? { email: admin.email, password } : null;
}

/** Departments that the configuration added since: until somebody is put in, the admins answer for them. */
async function joinNewDepartments(db: Db, sites: SiteService): Promise<void> {
  const staffed = new Set(
    (await db.selectFrom('agentDepartments').select('departmentId').distinct().execute()).map(
      (row) => row.departmentId,
    ),
  );
  const unstaffed = allDepartmentIds(sites).filter((departmentId) => !staffed.has(departmentId));
  if (unstaffed.length === 0) return;
  const admins = await db.selectFrom('agents').select('agentId').where('role', '=', 'admin').execute();
  for (const { agentId } of admins) await addToDepartments(db, agentId, unstaffed);
}

function allDepartmentIds(sites: SiteService) {
  return sites.all().flatMap((site) => site.departments.map((department) => department.departmentId));
}
