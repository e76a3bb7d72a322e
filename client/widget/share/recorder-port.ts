import type { FromRecorder, ToRecorder } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { Clock } from '../../connection/clock.ts';
import { readRecorderMessage } from './read-recorder-message.ts';

/** The recorder is 25 kB; on the slowest lines that is a matter of seconds. A page whose policy refuses it stays silent. */
const LOAD_TIMEOUT_MS = 12_000;

export interface RecorderPort {
  /** What is said before the recorder listens waits for it. */
  post(message: ToRecorder): void;
  close(): void;
}

export interface RecorderPortOptions {
  clock: Clock;
  /** Has the loader put the script on the page, with this port. */
  load(script: string, port: MessagePort): void;
  onMessage(message: FromRecorder): void;
  /** The page did not let it in. */
  onMissing(): void;
}

/** Brings the recorder into the customer's page and stays in touch with it. Called once somebody has said "Allow". */
export function openRecorderPort({ clock, load, onMessage, onMissing }: RecorderPortOptions): RecorderPort {
  const { port1: port, port2: theirs } = new MessageChannel();
  const stopWaiting = clock.after(LOAD_TIMEOUT_MS, onMissing);
  port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = readRecorderMessage(data);
    if (message === undefined) return;
    stopWaiting();
    onMessage(message);
  });
  port.start();
  load('/recorder.js', theirs);
  return {
    post: (message) => port.postMessage(message),
    close() {
      stopWaiting();
      port.close();
    },
  };
}
