import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMiniatureProject } from './testing/miniature-project.mjs';

vi.setConfig({ testTimeout: 60_000 });

let project;
beforeEach(() => {
  project = createMiniatureProject();
});
afterEach(() => project.close());

const WHOLE_SET_UP = ['NPM begins', 'NPM ends', 'VITE begins', 'VITE ends'];
const stepsDone = () => project.journal().filter((line) => !line.startsWith('server'));

async function startAndStop(environment) {
  const launcher = project.launch(['start'], environment);
  await project.reached('server');
  launcher.kill('SIGTERM');
  return launcher.ended;
}

describe('what the set-up has done', () => {
  test('[O1] is not done again by a second start', async () => {
    await startAndStop();
    expect(stepsDone()).toEqual(WHOLE_SET_UP);
    project.forgetJournal();
    const second = await startAndStop();
    expect(stepsDone()).toEqual([]);
    expect(second).toMatchObject({ code: 0, output: '' });
  });

  test('[O1] stands when the step after it is stopped: the next start goes on with that one', async () => {
    const first = project.launch(['start'], { VITE: 'waits' });
    await project.reached('VITE begins');
    first.kill('SIGINT');
    const end = await first.ended;
    expect(end.code).toBe(130);
    expect(end.output).toContain('Stopped. The next call goes on from here.');
    expect(project.has('dist', 'client')).toBe(false);

    project.forgetJournal();
    await startAndStop();
    expect(stepsDone()).toEqual(['VITE begins', 'VITE ends']);
  });

  test('[O1] in part only is done again: a stopped installation leaves nothing that looks whole', async () => {
    const first = project.launch(['setup'], { NPM: 'waits' });
    await project.reached('NPM begins');
    first.kill('SIGTERM');
    expect((await first.ended).code).toBe(143);

    project.forgetJournal();
    expect(await project.launch(['setup']).ended).toMatchObject({ code: 0 });
    expect(stepsDone()).toEqual(WHOLE_SET_UP);
  });

  test('[O1] outlives a killed launcher: the next one waits for its npm and does not install again', async () => {
    const first = project.launch(['setup'], { NPM: 'waits' });
    await project.reached('NPM begins');
    first.kill('SIGKILL');
    await first.ended;

    const second = project.launch(['setup']);
    await vi.waitFor(() => expect(second.output()).toContain('Waiting for another set-up'), { timeout: 30_000 });
    project.goOn();
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(stepsDone()).toEqual(WHOLE_SET_UP);
  });

  test('[O1] wrong is told in the words of the step, without a stack, and done anew the next time', async () => {
    const end = await project.launch(['start'], { VITE: 'fails' }).ended;
    expect(end.code).toBe(1);
    expect(end.output).toContain('VITE found no network');
    expect(end.output).toContain('exit code 9');
    expect(end.output).not.toMatch(/^ {4}at /m);

    project.forgetJournal();
    await startAndStop();
    expect(stepsDone()).toEqual(['VITE begins', 'VITE ends']);
  });
});

describe('the running server', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('[O1] hears %s through the launcher and ends it', async (signal) => {
    const launcher = project.launch(['start', '--some-option']);
    await project.reached('server');
    expect(project.journal().at(-1)).toMatch(/ runs --some-option$/);
    launcher.kill(signal);
    expect(await launcher.ended).toMatchObject({ code: 0, signal: null });
    expect(project.journal().at(-1)).toBe(`server hears ${signal}`);
  });

  test('[O1] gives its exit code to whoever called the launcher', async () => {
    expect(await startAndStop({ SERVER_ENDS_WITH: '3' })).toMatchObject({ code: 3 });
  });

  test('[O1] that was killed is told as killed', async () => {
    const launcher = project.launch(['start']);
    await project.reached('server');
    process.kill(project.serverPid(), 'SIGKILL');
    expect(await launcher.ended).toMatchObject({ code: 137 });
  });

  test('[O1] ends when the npm that started it has gone without a word', async () => {
    // As npm does: a shell in between, which a signal ends at once.
    const shell = project.run('/bin/sh', ['-c', `"${process.execPath}" scripts/foyer.mjs start & wait`], {
      npm_lifecycle_event: 'start',
    });
    await project.reached('server');
    shell.kill('SIGKILL');
    await project.reached('server hears SIGTERM');
    await shell.ended;
  });
});

describe('a command', () => {
  test('[O1] that does not exist answers with those that do', async () => {
    const end = await project.launch(['strat']).ended;
    expect(end.code).toBe(2);
    expect(end.output).toMatch(/^ {2}start +\S/m);
    expect((await project.launch(['--help']).ended).code).toBe(0);
    expect(project.journal()).toEqual([]);
  });

  test('[O1] whose script is missing in this copy says so', async () => {
    const end = await project.launch(['add-agent']).ended;
    expect(end).toMatchObject({ code: 1 });
    expect(end.output).toContain('server/add-agent.ts is missing');
  });

  test('[O1] for the tests counts a set-up that failed as failed, in its last line', async () => {
    const end = await project.launch(['test', '--', '--project', 'unit'], { NPM: 'fails' }).ended;
    expect(end.code).toBe(1);
    expect(end.output.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
  });
});
