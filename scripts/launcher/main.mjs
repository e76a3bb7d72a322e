import { exitCodeOf, passSignalsOn } from './child-process.mjs';
import { commands } from './commands.mjs';
import { say } from './report.mjs';
import { Interrupted, explain } from './setup-error.mjs';

/** Runs one command of the launcher and ends the process with its exit code. */
export async function main([name, ...args]) {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (!command) {
    say('Usage: node scripts/foyer.mjs <command>\n');
    for (const [each, { summary }] of Object.entries(commands)) say(`  ${each.padEnd(12)} ${summary}`);
    process.exitCode = name === undefined || name === '--help' || name === 'help' ? 0 : 2;
    return;
  }
  passSignalsOn();
  try {
    process.exitCode = await command.run(args);
  } catch (error) {
    explain(error);
    process.exitCode = error instanceof Interrupted ? exitCodeOf({ code: null, signal: error.signal }) : 1;
  }
}
