import { say } from './report.mjs';

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC']);

/** Something the person at the keyboard can mend: shown as its sentence alone, without a stack. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** Someone pressed Ctrl-C or ended us while a step ran. */
export class Interrupted extends Error {
  name = 'Interrupted';
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.signal = signal;
  }
}

/** Tells what went wrong to whoever started us; what no sentence was written for is told with its stack. */
export function explain(error) {
  if (error instanceof Interrupted) say('\nStopped. The next call goes on from here.');
  else if (error instanceof SetupError) say(`\n${error.message}\n`);
  else if (UNWRITABLE.has(error.code) && error.path) say(`\n${describeUnwritable(error)}\n`);
  else say(`\n${error.stack}\n`);
}

export function describeUnwritable({ code, path }) {
  if (code === 'ENOSPC') return `The disk is full: ${path} cannot be written.`;
  return (
    `${path} cannot be written (${code}).\n` +
    `Foyer needs to write in its own folder and in the user's cache; XDG_CACHE_HOME names another place for the cache.`
  );
}
