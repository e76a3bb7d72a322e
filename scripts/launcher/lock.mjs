import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { step } from './report.mjs';

const POLL_MS = 500;
const HEARTBEAT_MS = 5_000;
const SILENT_MS = 60_000; // twelve missed heartbeats: a holder that we cannot look up is taken for dead

/**
 * Lets one launcher at a time do `work`. A holder that was killed does not block the next one for ever; children that
 * outlive it (a compiler, npm) still count as the holder until they end, because they still write. `waiting` is the
 * step that people see meanwhile: its title, and what is known about how far the other one is.
 */
export async function withLock(file, waiting, work) {
  const mine = { token: randomUUID(), host: hostname(), processes: [identify(process.pid)] };
  mkdirSync(dirname(file), { recursive: true });
  if (!tryTake(file, mine)) {
    await step(waiting.title, async (progress) => {
      while (!tryTake(file, mine)) {
        progress(waiting.describe?.() ?? '');
        await wait(POLL_MS);
      }
    });
  }
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work({
      /** Counts a child process as a holder from now on. */
      alsoHeldBy(pid) {
        mine.processes = [identify(process.pid), identify(pid)].filter(Boolean);
        writeFileSync(file, JSON.stringify(mine));
      },
    });
  } finally {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  }
}

function tryTake(file, mine) {
  if (tryCreate(file, mine)) return true;
  const holder = readHolder(file);
  if (holder && !isStale(holder)) return false;
  if (holder) takeAway(file, holder);
  return tryCreate(file, mine);
}

/** Whether the holder is gone. `facts` is what this machine knows: its name and how to look a process up. */
export function isStale(holder, facts = { host: hostname(), identify, platform: process.platform }) {
  if (holder.host !== facts.host) return holder.silentMs > SILENT_MS;
  const isAlive = holder.processes.some((known) => {
    const now = facts.identify(known.pid);
    return now !== undefined && now.startedAt === known.startedAt;
  });
  // Without start times a new process may wear the old one's number; then only the heartbeat tells them apart.
  if (isAlive && facts.platform !== 'linux') return holder.silentMs > SILENT_MS;
  return !isAlive;
}

function tryCreate(file, mine) {
  try {
    writeFileSync(file, JSON.stringify(mine), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file) {
  try {
    const silentMs = Date.now() - statSync(file).mtimeMs;
    const text = readFileSync(file, 'utf8');
    // Half written: either its owner is at it right now, or was killed at exactly this moment.
    if (!text.endsWith('}')) return { token: text, host: '', processes: [], silentMs };
    return { ...JSON.parse(text), silentMs };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

// Two may find the same dead holder. The rename has one winner; who moved a fresh lock by mistake puts it back.
function takeAway(file, holder) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (moved && moved.token !== holder.token) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The file is gone only when someone cleared the cache; the work itself ends in an atomic rename anyway.
  }
}

/** A process number is used again after a while; together with its start time it is one process. */
export function identify(pid) {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : { pid, startedAt: fields[19] };
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return undefined;
  }
  return { pid, startedAt: '' };
}
