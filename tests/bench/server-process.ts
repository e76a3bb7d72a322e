import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../server/app.ts';
import { parseConfig } from '../../server/config.ts';
import { openDatabase } from '../../server/db/open.ts';

/**
 * A real server in a process of its own, so that its memory and its event loop are its own. Many people come from one
 * address here and one agent serves them all, hence the wide limits.
 */
const dataDir = mkdtempSync(join(tmpdir(), 'foyer-bench-'));
const password = 'a password for measurements';
const config = parseConfig({
  environment: {
    FOYER_DATA_DIR: dataDir,
    FOYER_PORT: '0',
    FOYER_HOST: '127.0.0.1',
    FOYER_ADMIN_PASSWORD: password,
    FOYER_LOG_LEVEL: 'warn',
    FOYER_MEDIA_WORKERS: process.argv[2] ?? '0',
    FOYER_RTC_PORT: '43000',
  },
  file: null,
});
const app = await createApp(config, { rateLimitFactor: 10_000 });
const database = await openDatabase(config.databasePath);
await database.db.updateTable('agents').set({ chatCap: 10_000 }).execute();
await database.close();

process.on('SIGTERM', () => {
  void app.close().then(() => {
    rmSync(dataDir, { recursive: true, force: true });
    process.exit(0);
  });
});
process.send?.({ url: app.url, email: config.admin.email, password });
