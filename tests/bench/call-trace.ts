import type { FrameLocator, Page } from 'playwright-core';

/** One thing that a page did for a call; `at` is in ms since 1970, so that two pages can be put side by side. */
interface TraceStep {
  at: number;
  tookMs?: number;
  what: string;
}

type TracedWindow = Window & { foyerSteps?: TraceStep[] };

/**
 * Writes down what a page does for a call: devices, each step of a negotiation, the state of its connections and each
 * packet of the signalling. From outside, so that the product carries nothing for it.
 */
export async function traceCalls(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const steps: TraceStep[] = [];
    const now = () => performance.timeOrigin + performance.now();
    const note = (what: string) => void steps.push({ at: now(), what });
    Object.assign(window, { foyerSteps: steps });

    const timed = (host: object, name: string, label: () => string) => {
      const plain: unknown = Reflect.get(host, name);
      if (typeof plain !== 'function') return;
      Reflect.set(host, name, function timedCall(this: unknown, ...given: unknown[]) {
        const at = now();
        const answer: unknown = Reflect.apply(plain, this, given);
        if (answer instanceof Promise) {
          const done = () => void steps.push({ at, tookMs: now() - at, what: label.call(this) });
          answer.then(done, done);
        }
        return answer;
      });
    };
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices) timed(devices, 'getUserMedia', () => 'getUserMedia');

    const ids = new WeakMap<object, number>();
    let count = 0;
    const idOf = (connection: object) => {
      const known = ids.get(connection) ?? (count += 1);
      ids.set(connection, known);
      return known;
    };
    for (const name of ['createOffer', 'createAnswer', 'setLocalDescription', 'setRemoteDescription']) {
      timed(RTCPeerConnection.prototype, name, function label(this: object) {
        return `connection ${idOf(this)} ${name}`;
      });
    }
    timed(RTCRtpSender.prototype, 'replaceTrack', () => 'replaceTrack');
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        note(`connection ${idOf(this)} made`);
        this.addEventListener('connectionstatechange', () => note(`connection ${idOf(this)} ${this.connectionState}`));
      }
    };

    const nameIn = (data: unknown) =>
      typeof data === 'string'
        ? (/"((?:call|routing|conversation|visitor|agent):[a-z-]+)"/.exec(data)?.[1] ?? data.slice(0, 24))
        : '';
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function sendNoted(this: WebSocket, data) {
      note(`→ ${nameIn(data)}`);
      send.call(this, data);
    };
    const NativeSocket = window.WebSocket;
    window.WebSocket = class extends NativeSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener('message', ({ data }) => note(`← ${nameIn(data)}`));
      }
    };
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        steps.push({ at: performance.timeOrigin + startTime, tookMs: duration, what: 'busy' });
      }
    }).observe({ type: 'longtask' });
  });
}

/** What both pages did from a moment on, in one table. */
export async function printTrace(from: number, pages: Record<string, Page | FrameLocator>): Promise<void> {
  const rows: { at: number; line: string }[] = [];
  for (const [who, where] of Object.entries(pages)) {
    const steps = await where.locator('body').evaluate(() => (window as TracedWindow).foyerSteps ?? []);
    for (const { at, tookMs, what } of steps) {
      if (at < from - 50 || at > from + 3_000) continue;
      const took = tookMs === undefined ? '' : `${tookMs.toFixed(0)} ms`;
      rows.push({ at, line: `${(at - from).toFixed(0).padStart(6)}  ${took.padStart(7)}  ${who.padEnd(8)} ${what}` });
    }
  }
  for (const { line } of rows.toSorted((one, other) => one.at - other.at)) process.stdout.write(`${line}\n`);
}
