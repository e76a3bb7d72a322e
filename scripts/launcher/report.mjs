// What the launcher says: one line per step, with its time; nothing at all when there is nothing to do.

const NON_TERMINAL_PROGRESS_MS = 15_000; // in a log file a line now and then shows that it lives
const TERMINAL_PROGRESS_MS = 200;

export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs one step of the set-up under a title. `work` may call `progress(text)` as often as it likes; a string that it
 * answers with is the reason why this way leads nowhere, and the caller goes another.
 */
export async function step(title, work) {
  const startedAt = Date.now();
  const isTerminal = process.stdout.isTTY === true;
  let latest = '';
  let shown = '';

  const draw = () => {
    const line = `  … ${title}${latest ? `: ${latest}` : ''} (${describeDuration(Date.now() - startedAt)})`;
    if (isTerminal) process.stdout.write(`\r\x1b[2K${line.slice(0, (process.stdout.columns || 80) - 1)}`);
    else if (latest !== shown) say(line);
    shown = latest;
  };

  if (isTerminal) draw();
  else say(`  … ${title}`);
  const timer = setInterval(draw, isTerminal ? TERMINAL_PROGRESS_MS : NON_TERMINAL_PROGRESS_MS);
  try {
    const result = await work((text) => (latest = text));
    if (typeof result === 'string') finish('–', `: ${result}`);
    else finish('✓');
    return result;
  } catch (error) {
    finish('✗');
    throw error;
  } finally {
    clearInterval(timer);
  }

  function finish(mark, remark = '') {
    if (isTerminal) process.stdout.write('\r\x1b[2K');
    say(`  ${mark} ${title} (${describeDuration(Date.now() - startedAt)})${remark}`);
  }
}

export function describeDuration(ms) {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`.replace(
    /(\d+) min 60 s/,
    (_, m) => `${+m + 1} min 0 s`,
  );
}

/** What ninja's log, whose lines begin like "[42/180] Building …", means to someone who waits. */
export function describeProgress(log, startedAt = Date.now(), now = Date.now()) {
  const [, done, all] = [...log.matchAll(/^\[(\d+)\/(\d+)\]/gm)].pop()?.map(Number) ?? [];
  if (!done) return undefined;
  const elapsedMs = now - startedAt;
  const isSteady = done > 10 && elapsedMs > 10_000;
  const left = isSteady ? `, about ${describeDuration((elapsedMs / done) * (all - done))} left` : '';
  return `${done} of ${all}, ${Math.floor((done / all) * 100)} %${left}`;
}
