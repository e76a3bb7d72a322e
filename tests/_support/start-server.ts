import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type * as z from 'zod';
import { createApp } from '../../server/app.ts';
import type { App, AppOverrides } from '../../server/app.ts';
import { DEFAULT_TIMING, parseConfig } from '../../server/config.ts';
import type { Config, Timing } from '../../server/config.ts';
import type { Db } from '../../server/db/open.ts';
import type { Database } from '../../server/db/schema.ts';
import { siteSettings } from '../../server/sites/site-settings.ts';
import { addAgent, ADMIN_EMAIL, ADMIN_PASSWORD } from './test-agents.ts';
import type { NewTestAgent, TestAgent } from './test-agents.ts';

export type TestSite = z.input<typeof siteSettings>;

export interface TestServerOptions {
  /** The demo site (key `demo`, department "Customer care") is always there as well. */
  sites?: TestSite[];
  /** Left out: the waits of production, except that the sweeper looks every 100 ms. */
  timing?: Partial<Timing>;
  /** Flows write faster than people: the limits of production are `1`. */
  rateLimitFactor?: number;
  /** Further environment, such as FOYER_PUBLIC_URL. */
  environment?: Record<string, string>;
  mediaWorkers?: number;
  /** Of the first media worker; needed with `mediaWorkers`. */
  rtcPort?: number;
  /** A data directory of the caller's, who also removes it. */
  dataDir?: string;
  overrides?: AppOverrides;
}

/** A real server in this process, over real HTTP and sockets, on a data directory of its own. */
export interface TestServer {
  readonly url: string;
  readonly app: App;
  readonly dataDir: string;
  readonly databasePath: string;
  readonly admin: { email: string; password: string };
  /** An account with a password, made as the product makes it. */
  addAgent(agent?: NewTestAgent): Promise<TestAgent>;
  /** Reads the database file beside the server. */
  read<Result>(query: (db: Db) => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
  /** Stops when running and starts again on the same data and the same port. */
  restart(): Promise<void>;
  /** Stops and removes the data. Safe to repeat. */
  close(): Promise<void>;
}

const QUICK_SWEEP_MS = 100;

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'foyer-flow-')));
  const environment = {
    FOYER_DATA_DIR: dataDir,
    FOYER_HOST: '127.0.0.1',
    FOYER_PORT: '0',
    FOYER_ADMIN_EMAIL: ADMIN_EMAIL,
    FOYER_ADMIN_PASSWORD: ADMIN_PASSWORD,
    FOYER_MEDIA_WORKERS: String(options.mediaWorkers ?? 0),
    FOYER_LOG_LEVEL: process.env['FOYER_TEST_LOG'] ?? 'silent',
    ...(options.rtcPort !== undefined && {
      FOYER_RTC_PORT: String(options.rtcPort),
      FOYER_RTC_ANNOUNCED_ADDRESS: '127.0.0.1',
    }),
    ...options.environment,
  };
  const config: Config = {
    ...parseConfig({ environment, file: null }),
    sites: (options.sites ?? []).map((site) => siteSettings.parse(site)),
    timing: { ...DEFAULT_TIMING, sweepEveryMs: QUICK_SWEEP_MS, ...options.timing },
  };
  const overrides: AppOverrides = {
    checksOutput: true,
    rateLimitFactor: options.rateLimitFactor ?? 100,
    ...options.overrides,
  };

  let app = await createApp(config, overrides);
  const port = Number(new URL(app.url).port);

  return {
    get url() {
      return app.url;
    },
    get app() {
      return app;
    },
    dataDir,
    databasePath: config.databasePath,
    admin: { email: config.admin.email, password: ADMIN_PASSWORD },
    addAgent: (agent) => addAgent(config.databasePath, agent),
    read: (query) => readDatabase(config.databasePath, query),
    stop: () => app.close(),
    async restart() {
      await app.close();
      app = await createApp({ ...config, port }, overrides);
    },
    async close() {
      await app.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Beside a running server: on a connection that can neither write nor be in its way. */
export async function readDatabase<Result>(path: string, query: (db: Db) => Promise<Result>): Promise<Result> {
  const database = new SqliteDatabase(path, { readonly: true });
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database }) });
  try {
    return await query(db);
  } finally {
    await db.destroy();
  }
}
