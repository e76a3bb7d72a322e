import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MeasuredProcess<Hello> {
  hello: Hello;
  /** Resident memory in MB (10^6 bytes), after the process has had a moment to collect its garbage. */
  readRssMb(): number;
  stop(): Promise<void>;
}

/** Starts a script of this folder and waits for its first word. */
export async function startProcess<Hello>(script: string, args: string[] = []): Promise<MeasuredProcess<Hello>> {
  const child: ChildProcess = fork(join(import.meta.dirname, script), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [hello] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${script} ended with ${code} before it was ready`))),
  ])) as [Hello];
  return {
    hello,
    readRssMb() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_000;
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
