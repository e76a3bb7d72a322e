import { readFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';

/**
 * What this process may use: cores and bytes of memory. In a container that is less than the machine has, and a compiler
 * that takes more is killed. `root` is where the kernel's files are.
 */
export function readMachineLimits(root = '/') {
  const groups = findControlGroups(root);
  // Older versions of Node 18 cannot say how many cores are for us.
  const cores = os.availableParallelism?.() ?? os.cpus().length;
  return {
    cores: Math.min(cores, ...groups.map((group) => readCores(group))),
    memory: Math.min(os.totalmem(), ...groups.map((group) => readMemory(group))),
  };
}

/** Of the second kind, each of them limits what is in it. */
function findControlGroups(root) {
  const own = /^0::(\/.*)$/m.exec(read(join(root, 'proc/self/cgroup')))?.[1];
  const top = join(root, 'sys/fs/cgroup');
  if (own === undefined) return [];
  const groups = [top];
  // Seen from inside a container, its own group may lie above everything that is shown; then the top is that group.
  for (let group = join(top, own); group.startsWith(`${top}/`); group = dirname(group)) groups.unshift(group);
  return groups;
}

/** "150000 100000": so many microseconds of computing in so many; "max 100000" is no limit. */
function readCores(group) {
  const [quota, period] = read(join(group, 'cpu.max')).split(' ').map(Number);
  return quota > 0 && period > 0 ? Math.max(1, Math.floor(quota / period)) : Infinity;
}

function readMemory(group) {
  const bytes = Number.parseInt(read(join(group, 'memory.max')), 10);
  return bytes > 0 ? bytes : Infinity;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // another system, or no such limit
  }
}
