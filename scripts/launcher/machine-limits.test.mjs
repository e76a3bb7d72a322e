import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMachineLimits } from './machine-limits.mjs';
import { parallelJobs } from './worker-build.mjs';

describe('what a set-up may use of the machine', () => {
  const whole = { cores: os.availableParallelism(), memory: os.totalmem() };
  let root;
  beforeEach(() => {
    root = mkdtempSync(join(os.tmpdir(), 'foyer-limits-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(file, content) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }

  test('[O1] without limits it is the whole machine', () => {
    expect(readMachineLimits(root)).toEqual(whole);
    write('proc/self/cgroup', '0::/\n');
    write('sys/fs/cgroup/cpu.max', 'max 100000\n');
    write('sys/fs/cgroup/memory.max', 'max\n');
    expect(readMachineLimits(root)).toEqual(whole);
  });

  test('[O1] in a container it is what the container was given', () => {
    write('proc/self/cgroup', '0::/\n');
    write('sys/fs/cgroup/cpu.max', '150000 100000\n');
    write('sys/fs/cgroup/memory.max', `${700e6}\n`);
    expect(readMachineLimits(root)).toEqual({ cores: 1, memory: 700e6 });
    const { cores, memory } = readMachineLimits(root);
    expect(parallelJobs(cores, memory)).toBe(1);
  });

  test('[O1] a limit further out holds as well, and less than a core is one', () => {
    write('proc/self/cgroup', '12:cpuset:/\n0::/system.slice/foyer.service\n');
    write('sys/fs/cgroup/system.slice/cpu.max', '20000 100000\n');
    write('sys/fs/cgroup/system.slice/memory.max', `${500e6}\n`);
    write('sys/fs/cgroup/system.slice/foyer.service/memory.max', `${900e6}\n`);
    expect(readMachineLimits(root)).toEqual({ cores: 1, memory: 500e6 });
  });
});
