import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Db } from '../../server/db/open.ts';
import { findFreePort } from './free-port.ts';
import { readDatabase } from './start-server.ts';
import { addAgent, ADMIN_EMAIL, ADMIN_PASSWORD } from './test-agents.ts';
import type { NewTestAgent, TestAgent } from './test-agents.ts';

export interface SpawnOptions {
  /** A data directory of the caller's, who also removes it: two servers on one file, for instance. */
  dataDir?: string;
  environment?: Record<string, string>;
}

/** A real server in a process of its own, started as `npm start` starts it in the end. */
export interface SpawnedServer {
  readonly url: string;
  readonly dataDir: string;
  readonly databasePath: string;
  readonly pid: number;
  /** Everything it has printed so far. */
  output(): string;
  addAgent(agent?: NewTestAgent): Promise<TestAgent>;
  read<Result>(query: (db: Db) => Promise<Result>): Promise<Result>;
  /** Sends the signal and resolves with the exit code, null after SIGKILL. */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<number | null>;
  /** Starts again on the same data and the same port, and resolves when `/readyz` says so. */
  start(): Promise<void>;
  /** Ends it by SIGKILL when it still runs, and removes the data. Safe to repeat. */
  close(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '..', '..', 'server', 'main.ts');
const READY_WITHIN_MS = 40_000;

export async function spawnServer(options: SpawnOptions = {}): Promise<SpawnedServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'foyer-spawned-')));
  const databasePath = join(dataDir, 'foyer.db');
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = { ...toEnvironment(dataDir, port), ...options.environment };
  let output = '';
  let running: ChildProcess | undefined;

  async function start(): Promise<void> {
    const child = spawnMain(dataDir, environment);
    running = child;
    child.once('exit', () => {
      if (running === child) running = undefined;
    });
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => {
        reject(new Error(`The server was not ready in time.\n${output}`));
        // Whoever starts it again must not meet this one.
        child.kill('SIGKILL');
      }, READY_WITHIN_MS);
      const hear = (chunk: Buffer): void => {
        output += chunk.toString();
        if (!output.includes('Foyer is running')) return;
        clearTimeout(giveUp);
        resolve();
      };
      output = '';
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}.\n${output}`)));
      child.once('exit', () => clearTimeout(giveUp));
    });
    const ready = await fetch(`${url}/readyz`);
    if (ready.status !== 200) throw new Error(`The server runs and is not ready: ${await ready.text()}`);
  }

  async function kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<number | null> {
    const child = running;
    if (!child) return null;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }

  await start();
  return {
    url,
    dataDir,
    databasePath,
    get pid() {
      return running?.pid ?? 0;
    },
    output: () => output,
    addAgent: (agent) => addAgent(databasePath, agent),
    read: (query) => readDatabase(databasePath, query),
    kill,
    start,
    async close() {
      await kill('SIGKILL');
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** One more process on the data and the port of a server that runs: how it ended, and everything it printed. */
export async function startInVain(
  { dataDir, url }: Pick<SpawnedServer, 'dataDir' | 'url'>,
  environment: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawnMain(dataDir, { ...toEnvironment(dataDir, Number(new URL(url).port)), ...environment });
  let output = '';
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
    // Then it is not in vain, and would run for ever.
    if (output.includes('Foyer is running')) child.kill('SIGKILL');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** In the data directory: where the tests are run from, a developer may have an `.env`. */
function spawnMain(dataDir: string, env: Record<string, string | undefined>) {
  return spawn(process.execPath, [MAIN], { cwd: dataDir, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function toEnvironment(dataDir: string, port: number): Record<string, string | undefined> {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FOYER_'))),
    FOYER_DATA_DIR: dataDir,
    FOYER_HOST: '127.0.0.1',
    FOYER_PORT: String(port),
    FOYER_ADMIN_EMAIL: ADMIN_EMAIL,
    FOYER_ADMIN_PASSWORD: ADMIN_PASSWORD,
    FOYER_MEDIA_WORKERS: '0',
    FOYER_LOG_LEVEL: 'warn',
  };
}
