import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postSession, signIn } from '../_support/http-session.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { openWorkspace } from '../_support/story.ts';
import type { TestAgent } from '../_support/test-agents.ts';

const SET_PASSWORD = join(import.meta.dirname, '..', '..', 'server', 'set-password.ts');

describe('a new password from the command line', () => {
  let server: TestServer;
  let account: TestAgent;
  beforeEach(async () => {
    server = await startServer();
    account = await server.addAgent();
  });
  afterEach(() => server.close());

  const setPassword = (...args: string[]) =>
    promisify(execFile)(process.execPath, [SET_PASSWORD, ...args], {
      cwd: server.dataDir,
      env: { FOYER_DATA_DIR: server.dataDir },
    });

  test('[SE3] it lets in with the new password alone, and ends everywhere the account was signed in', async () => {
    const page = await openWorkspace(server, account);
    const other = await openWorkspace(server, await server.addAgent());
    const { cookie } = await signIn(server, account);
    for (let tries = 0; tries < 5; tries += 1) await postSession(server, { ...account, password: 'not this one' });
    expect((await postSession(server, account)).status).toBe(429);

    const { stdout } = await setPassword('--email', account.email.toUpperCase());
    const password = /Password {2}(\S{20})\n/.exec(stdout)?.[1] ?? '';
    expect(await page.nextEvent('agent:signed-out')).toEqual({ reason: 'expired' });
    await page.disconnected;
    expect((await fetch(`${server.url}/api/v1/session`, { headers: { cookie } })).status).toBe(401);
    expect((await postSession(server, account)).status).toBe(401);
    await signIn(server, { email: account.email, password });
    await other.request('agent:set-status', { status: 'busy' });
  });

  test('[SE3] an account that is not there is named, and so is what to write', async () => {
    await expect(setPassword('--email', 'nobody@example.com')).rejects.toMatchObject({
      code: 1,
      stderr: 'There is no account for nobody@example.com.\n',
    });
    await expect(setPassword()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('--email') });
  });
});
