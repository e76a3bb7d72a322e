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
