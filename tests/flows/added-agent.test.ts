import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer, TestSite } from '../_support/start-server.ts';
import { nextOffer, openReadyAgent, openWorkspace, waitingVisitor } from '../_support/story.ts';

const ADD_AGENT = join(import.meta.dirname, '..', '..', 'server', 'add-agent.ts');
const shop: TestSite = {
  key: 'shop',
  name: 'Shop',
  allowedOrigins: ['https://shop.example.com'],
  departments: ['Orders', 'Returns'],
  coBrowse: { recording: 'ask', privatePaths: ['/account/*'] },
};
const clinic: TestSite = { key: 'clinic', name: 'Clinic', departments: ['Desk'] };

describe('an agent added from the command line', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ sites: [shop, clinic], environment: { FOYER_DEMO: 'off' } });
  });
  afterEach(() => server.close());

  const run = (environment: Record<string, string>, ...args: string[]) =>
    promisify(execFile)(process.execPath, [ADD_AGENT, '--email', 'ada@example.com', '--name', 'Ada Lind', ...args], {
      cwd: server.dataDir,
      env: { FOYER_DATA_DIR: server.dataDir, ...environment },
    });
  const passwordIn = (stdout: string): string => /Password {2}(\S{20})\n/.exec(stdout)?.[1] ?? '';
  /** All that a configuration decides, as it stands in the database. */
  const readSites = () =>
    server.read(async (db) => ({
      tenants: await db.selectFrom('tenants').selectAll().execute(),
      sites: await db.selectFrom('sites').selectAll().orderBy('siteKey').execute(),
      departments: await db.selectFrom('departments').selectAll().orderBy('departmentId').execute(),
    }));

  test('[SE4] sites and departments stay as they are, however little of the configuration the command sees', async () => {
    const before = await readSites();
    expect(before.departments.map(({ name, retiredAt }) => [name, retiredAt]).toSorted()).toEqual([
      ['Desk', null],
      ['Orders', null],
      ['Returns', null],
    ]);
    await run({});
    expect(await readSites()).toEqual(before);

    const poorer = { sites: [{ key: 'shop', name: 'Another name', departments: ['Returns'] }] };
    await writeFile(join(server.dataDir, 'poorer.json'), JSON.stringify(poorer));
    const { stdout } = await run({ FOYER_CONFIG: 'poorer.json' }, '--email', 'jonas@example.com');
    expect(await readSites()).toEqual(before);

    // What they answer for is what the server serves, not what the command knows.
    const { agentId } = await server.read((db) =>
      db.selectFrom('agents').select('agentId').where('email', '=', 'jonas@example.com').executeTakeFirstOrThrow(),
    );
    const jonas = { agentId, name: 'Ada Lind', email: 'jonas@example.com', password: passwordIn(stdout) };
    const desk = await openWorkspace(server, jonas);
    expect(desk.session.agent.departments.map(({ name }) => name).toSorted()).toEqual(['Desk', 'Orders', 'Returns']);
    await server.restart();
    expect(await readSites()).toEqual(before);
  });

  test('[SE4] those who wait and those who answer notice nothing of it', async () => {
    const agent = await openReadyAgent(server, { siteKey: 'shop', departments: ['Orders'] });
    const { conversationId } = await waitingVisitor(server, { siteKey: 'shop' });
    const { offerId } = await nextOffer(agent, conversationId);
    await run({});
    await agent.request('routing:accept-offer', { offerId });
    await server.restart();
    const desk = await openWorkspace(server, agent.account);
    expect(desk.session.conversations).toEqual([expect.objectContaining({ conversationId, phase: 'active' })]);
  });

  test('[SE4] a department that is not there, or an account that is, is named, and nothing is added', async () => {
    await expect(run({}, '--department', 'Repairs')).rejects.toMatchObject({
      code: 1,
      stderr: 'There is no department "Repairs". There are: Orders, Returns, Desk.\n',
    });
    await run({}, '--department', 'Returns');
    await expect(run({})).rejects.toMatchObject({ stderr: expect.stringContaining('There is an account for') });
    const found = await server.read((db) => db.selectFrom('agents').select('email').execute());
    expect(found.map(({ email }) => email)).not.toContain('jonas@example.com');
    expect(found.filter(({ email }) => email === 'ada@example.com')).toHaveLength(1);
  });
});
