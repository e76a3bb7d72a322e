import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder, projectFolder } from './project.mjs';
import { Interrupted, SetupError } from './setup-error.mjs';

const LOG_POLL_MS = 400;
const PARENT_POLL_MS = 500;
const ANSWER_TIMEOUT_MS = 60_000; // takes milliseconds, but a machine may be very busy
const SHOWN_LINES = 30;
const SHOWN_ERRORS = 5;
const running = new Set();
let stoppedBy;

/**
 * Runs a command whose output matters only when it fails. The output goes into a file and not through a pipe: if this
 * launcher is killed, a compiler or npm ends its work instead of dying at its next line.
 */
export async function runQuietly(command, args, options) {
  const { name, cwd = projectFolder, env = process.env, shell = false, lock, onOutput } = options;
  const logFile = options.logFile ?? join(cacheFolder(), 'logs', `${name}-${process.pid}.log`);
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  const child = spawn(command, args, {
    cwd,
    env: { ...env, FORCE_COLOR: undefined, NO_COLOR: '1' },
    shell,
    stdio: ['ignore', log, log],
  });
  if (child.pid) lock?.alsoHeldBy(child.pid);
  const timer = onOutput && setInterval(() => onOutput(readFileSync(logFile, 'utf8')), LOG_POLL_MS);
  try {
    const end = await waitForEnd(child, command);
    if (stoppedBy) throw new Interrupted(stoppedBy);
    if (end.code !== 0)
      throw new SetupError(describeFailure([command, ...args].join(' '), end, readFileSync(logFile, 'utf8')));
  } finally {
    clearInterval(timer);
    closeSync(log);
    rmSync(logFile, { force: true });
  }
}

/** The end of the output, and from a long one also the first lines that name an error. */
export function describeFailure(command, end, output) {
  const lines = output.trimEnd().split('\n');
  const last = lines.slice(-SHOWN_LINES);
  const errors = lines.slice(0, -SHOWN_LINES).filter((line) => /\berror\b/i.test(line));
  const reason = end.signal ? `ended by ${end.signal}` : `exit code ${end.code}`;
  return [`"${command}" failed (${reason}):`, '', ...errors.slice(0, SHOWN_ERRORS), ...last].join('\n');
}

/** Runs a command with our terminal as its own and answers with its exit code. */
export async function runInForeground(command, args, { env = process.env, cwd = projectFolder } = {}) {
  return exitCodeOf(await waitForEnd(spawn(command, args, { cwd, env, stdio: 'inherit' }), command));
}

/** Runs several commands side by side; the first that ends takes the others with it. */
export async function runTogether(commands, { env = process.env } = {}) {
  const children = commands.map(([command, ...args]) =>
    spawn(command, args, { cwd: projectFolder, env, stdio: 'inherit' }),
  );
  const ends = children.map((child, index) => waitForEnd(child, commands[index][0]));
  const first = await Promise.race(ends);
  for (const child of children) child.kill('SIGTERM');
  await Promise.allSettled(ends);
  return exitCodeOf(first);
}

/** Whether a command can be started and answers well to, say, `--version`. */
export function answers(command, args, expectedStatus = 0, options = {}) {
  return (
    spawnSync(command, args, { stdio: 'ignore', timeout: ANSWER_TIMEOUT_MS, ...options }).status === expectedStatus
  );
}

function waitForEnd(child, command) {
  running.add(child);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      running.delete(child);
      reject(new SetupError(`Could not start ${command}: ${error.message}`));
    });
    child.once('exit', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
}

/**
 * Hands signals on and leaves only after the children have. Ctrl-C in a terminal reaches the children by itself; a
 * second one from us would look to the server like impatience.
 */
export function passSignalsOn() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => stop(signal, signal === 'SIGINT' && process.stdin.isTTY));
  }
  // npm hands a signal to the shell between it and us, which dies of it without a word to us.
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop('SIGTERM');
  }, PARENT_POLL_MS);
  timer.unref();
}

function stop(signal, childrenKnow = false) {
  stoppedBy = signal;
  if (running.size === 0) process.exit(exitCodeOf({ code: null, signal }));
  if (childrenKnow) return;
  for (const child of running) child.kill(signal);
}

export function exitCodeOf({ code, signal }) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}
