import type { types } from 'mediasoup';
import type { CallLog } from '../call-host.ts';
import type { ListenPlan } from './announced-address.ts';

/** Something that lives on a worker and must know when it is gone. */
export interface WorkerTenant {
  countConsumers(): number;
  handleWorkerDied(): void;
}

/** One process that forwards media, with its one port. */
export interface MediaWorker {
  readonly pid: number;
  readonly webRtcServer: types.WebRtcServer;
  createRouter(mediaCodecs: types.RouterRtpCodecCapability[]): Promise<types.Router>;
  /** Registers a tenant; answers how to leave again. */
  enter(tenant: WorkerTenant): () => void;
}

export interface MediaWorkerOptions {
  port: number;
  listenPlan: ListenPlan;
  /** Another binary than the one in mediasoup's own folder. */
  workerBin?: string | undefined;
  log: CallLog;
  onDied(cause: Error): void;
}

/** The pool's own handle on a worker. */
export interface RunningMediaWorker extends MediaWorker {
  readonly tenants: ReadonlySet<WorkerTenant>;
  /** CPU time so far in ms; rejects when the worker does not answer within `withinMs`. */
  readCpuMs(withinMs: number): Promise<number>;
  /** For a worker that does not answer: the ordinary way of a death follows. */
  kill(): void;
  close(): Promise<void>;
}

const CLOSE_WAIT_MS = 2_000;

/** Starts one worker with its server on one UDP and TCP port. */
export async function startMediaWorker(options: MediaWorkerOptions): Promise<RunningMediaWorker> {
  const { port, listenPlan, workerBin, log, onDied } = options;
  // NOTE: loaded here because it takes about 30 MB and 0.2 s, which a process that never calls need not pay.
  const mediasoup = await import('mediasoup');
  mediasoup.setLogEventListeners({
    onwarn: (source, text) => log.debug({ source, text }, 'media library warns'),
    onerror: (source, text) => log.warn({ source, text }, 'media library reports an error'),
  });
  const worker = await mediasoup.createWorker({
    logLevel: 'warn',
    logTags: ['ice', 'dtls', 'srtp'],
    ...(workerBin === undefined ? {} : { workerBin }),
  });
  let webRtcServer: types.WebRtcServer;
  try {
    webRtcServer = await worker.createWebRtcServer({ listenInfos: listenPlan.toListenInfos(port) });
  } catch (cause) {
    worker.close();
    throw new Error(`The media worker cannot listen on UDP and TCP port ${port}.`, { cause });
  }
  const tenants = new Set<WorkerTenant>();
  worker.on('died', (error: Error) => {
    onDied(error);
    // NOTE: not by `router.closed`: within this event it may still say false.
    for (const tenant of tenants) tenant.handleWorkerDied();
  });
  log.info({ pid: worker.pid, port }, 'media worker up');

  return {
    pid: worker.pid,
    webRtcServer,
    tenants,
    createRouter: (mediaCodecs) => worker.createRouter({ mediaCodecs }),
    enter(tenant) {
      tenants.add(tenant);
      return () => tenants.delete(tenant);
    },
    async readCpuMs(withinMs) {
      const usage = await within(withinMs, worker.getResourceUsage());
      return usage.ru_utime + usage.ru_stime;
    },
    kill() {
      if (!worker.closed) process.kill(worker.pid, 'SIGKILL');
    },
    async close() {
      if (worker.subprocessClosed) return;
      const gone = new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
      worker.close();
      await within(CLOSE_WAIT_MS, gone).catch(() => {
        if (!worker.subprocessClosed) process.kill(worker.pid, 'SIGKILL');
      });
    },
  };
}

function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`No answer from the media worker within ${ms} ms.`));
    // An answer that came while this process was busy is read before the timer counts.
    const timer = setTimeout(() => setImmediate(() => setImmediate(giveUp)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
