import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARY = join(import.meta.dirname, '..', '..', 'node_modules', '@rrweb', 'record', 'dist', 'record.umd.min.cjs');

/** Speaks to the widget as our recorder does, and passes on what the library says without looking at it. */
const ADAPTER = `
(() => {
  const port = document.currentScript.foyerPort;
  let stop = () => undefined;
  const start = ({ epoch, scopeNumber }) => {
    stop();
    let meta;
    stop = rrwebRecord.record({
      collectFonts: true,
      emit(event) {
        if (event.type === 4) { meta = event; return; }
        const isKey = event.type === 2;
        if (meta === undefined) return;
        port.postMessage({ type: 'events', epoch, scopeNumber, isKey, events: JSON.stringify(isKey ? [meta, event] : [event]) });
      },
    });
  };
  let stream;
  port.onmessage = ({ data }) => {
    if (data.type === 'start') start((stream = data.stream));
    if (data.type === 'key') start(stream);
    if (data.type === 'stop' || data.type === 'hold') stop();
  };
  port.postMessage({ type: 'ready' });
})();`;

/** The library as it comes, in the place of our recorder: shows that a probe finds what there is to find. */
export function readRawRecorder(): string {
  return `${readFileSync(LIBRARY, 'utf8')};${ADAPTER}`;
}
