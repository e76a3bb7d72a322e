import { createApp } from './app.ts';
import { ConfigError, parseConfig, readRawConfig } from './config.ts';
import { NodeTakenError } from './node-claim.ts';

/** How long a shutdown may take before the process gives up on being tidy. */
const SHUTDOWN_MS = 10_000;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(): Promise<void> {
  const config = parseConfig(readRawConfig());
  const app = await createApp(config);
  if (app.firstAdmin) {
    say('');
    say('  The first account has been made. This password is shown only now:');
    say(`    E-mail    ${app.firstAdmin.email}`);
    say(`    Password  ${app.firstAdmin.password}`);
    say('');
  }
  if (app.mediaWarning) say(`  Note: ${app.mediaWarning}`);
  const base = config.publicUrl ?? app.url;
  say(`  Foyer is running. ${config.hasDemo ? `Demo shop: ${base}/demo/   ` : ''}Workspace: ${base}/workspace/`);

  let isStopping = false;
  const stop = (): void => {
    // A second signal means it: whoever asked twice does not want to wait.
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const isAddressTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (error instanceof ConfigError || error instanceof NodeTakenError) process.stderr.write(`${error.message}\n`);
  else if (isAddressTaken)
    process.stderr.write(
      `${error.message}\nAnother program uses this port. Set FOYER_PORT to a free one, for example FOYER_PORT=3100.\n`,
    );
  else
    process.stderr.write(
      `Foyer could not start.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  process.exitCode = 1;
  // Parts that did start, such as the database, must not keep a failed start alive.
  setImmediate(() => process.exit(1));
});
