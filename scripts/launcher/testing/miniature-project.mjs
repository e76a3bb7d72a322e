import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { projectFolder } from '../project.mjs';

const PATIENTLY = { timeout: 30_000 };

// Each tells the journal what it does. NPM=waits and VITE=waits never come to an end by themselves, =fails end badly.
const PRELUDE = `
const { appendFileSync, mkdirSync, writeFileSync, existsSync, renameSync } = require('node:fs');
const { dirname } = require('node:path');
const tell = (line) => appendFileSync(process.env.JOURNAL, line + '\\n');
const write = (file, text) => { mkdirSync(dirname(file), { recursive: true }); writeFileSync(file, text); };
const act = (name, work) => {
  tell(name + ' begins');
  if (process.env[name] === 'fails') { console.error(name + ' found no network'); process.exit(9); }
  const end = () => { work(); tell(name + ' ends'); };
  if (process.env[name] !== 'waits') return end();
  // Until the test lets it go on.
  const timer = setInterval(() => { if (existsSync(process.env.JOURNAL + '.go-on')) { clearInterval(timer); end(); } }, 20);
};
`;
const VITE = `${PRELUDE} act('VITE', () => write('dist/client/index.html', ''));`;
const NPM = `${PRELUDE} act('NPM', () => {
  write('node_modules/vite/bin/vite.js', ${JSON.stringify(VITE)});
  write('node_modules/.package-lock.json', '{"packages":{}}');
});`;
const SERVER = `
import { appendFileSync } from 'node:fs';
const tell = (line) => appendFileSync(process.env.JOURNAL, line + '\\n');
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(signal, () => { tell('server hears ' + signal); process.exit(Number(process.env.SERVER_ENDS_WITH ?? 0)); });
}
setInterval(() => {}, 1_000);
tell('server ' + process.pid + ' runs' + process.argv.slice(2).map((arg) => ' ' + arg).join(''));
`;

/**
 * The launcher in a project as small as can be: real processes, with an npm, a build and a server of a few lines. The
 * media worker counts as brought by the administrator.
 */
export function createMiniatureProject() {
  const root = mkdtempSync(join(tmpdir(), 'foyer-launcher-'));
  const folder = join(root, 'project');
  const journalFile = join(root, 'journal');
  cpSync(join(projectFolder, 'scripts'), join(folder, 'scripts'), { recursive: true });
  mkdirSync(join(folder, 'server'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'package-lock.json'), '{"packages":{}}');
  writeFileSync(join(folder, 'server', 'main.ts'), SERVER);
  writeFileSync(join(root, 'npm-cli.cjs'), NPM);
  writeFileSync(journalFile, '');

  const started = new Set();
  const { npm_lifecycle_event: _, ...ownEnvironment } = process.env;

  function run(command, args, environment = {}) {
    const child = spawn(command, args, {
      cwd: folder,
      env: {
        ...ownEnvironment,
        XDG_CACHE_HOME: join(root, 'cache'),
        MEDIASOUP_WORKER_BIN: '/somewhere/mediasoup-worker',
        npm_execpath: join(root, 'npm-cli.cjs'),
        JOURNAL: journalFile,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, output }));
    return { pid: child.pid, kill: (signal) => child.kill(signal), ended, output: () => output };
  }

  const journal = () => readFileSync(journalFile, 'utf8').trimEnd().split('\n').filter(Boolean);
  const serverPid = () =>
    Number(
      journal()
        .findLast((line) => /^server \d+ runs/.test(line))
        ?.split(' ')[1],
    );
  return {
    folder,
    journal,
    serverPid,
    /** `node scripts/foyer.mjs …`, with further environment. */
    launch: (args, environment) => run(process.execPath, [join('scripts', 'foyer.mjs'), ...args], environment),
    run,
    forgetJournal: () => writeFileSync(journalFile, ''),
    /** Lets what waits go on. */
    goOn: () => appendFileSync(`${journalFile}.go-on`, ''),
    has: (...parts) => existsSync(join(folder, ...parts)),
    /** Resolves once the journal has a line that begins so. */
    async reached(beginning) {
      await vi.waitFor(() => expect(journal().some((line) => line.startsWith(beginning))).toBe(true), PATIENTLY);
    },
    async close() {
      writeFileSync(`${journalFile}.go-on`, '');
      for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      const pid = serverPid();
      try {
        if (pid) process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended, as it should.
      }
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
