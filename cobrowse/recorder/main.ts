import type { ToRecorder } from './recorder-messages.ts';
import { createRecorder } from './recorder.ts';
import { quietly } from './tools/guarded.ts';

/** The recorder's script in a customer's page. The loader has put a port to the widget on its element. */
function run(script: HTMLOrSVGScriptElement | null): void {
  if (!(script instanceof HTMLScriptElement)) return;
  const { foyerPort: port, foyerPolicy } = script;
  if (!(port instanceof MessagePort)) return;
  // Taken now: a page may cover it later.
  const { postMessage } = port;
  const recorder = createRecorder(
    script.src,
    (message, transfer) =>
      // An empty list is read as well, and a page may have broken how.
      transfer === undefined ? postMessage.call(port, message) : postMessage.call(port, message, { transfer }),
    foyerPolicy,
  );
  port.addEventListener('message', ({ data }: MessageEvent<ToRecorder>) => {
    try {
      recorder.handle(data);
    } catch (error) {
      quietly(recorder.close);
      postMessage.call(port, { type: 'failed', because: error instanceof Error ? error.name : 'unknown' });
    }
  });
  port.start();
  postMessage.call(port, { type: 'ready' });
  script.foyerPort = script.foyerPolicy = undefined;
}

// What throws is caught around the whole script, which tells the port that is still there then.
run(document.currentScript);
