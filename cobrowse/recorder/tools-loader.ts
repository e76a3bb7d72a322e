import { guarded } from './tools/guarded.ts';
import type { HostTools, HostToolsOptions } from './host-tools.ts';
import type { ToRecorder } from './recorder-messages.ts';

/** Recording goes without them; any other message brings the second script, as long as it asks for something. */
const needsTools = (message: ToRecorder): boolean => {
  switch (message.type) {
    case 'pick':
    case 'act':
      return true;
    case 'marks':
      return message.marks.length > 0;
    case 'show-hidden':
      return message.isOn;
    case 'tool':
      return message.tool !== 'none';
    case 'watermark':
      return message.text !== null;
    case 'keep-reach':
      return message.isOn;
    default:
      return false;
  }
};

const TOOLS_PATH = '/recorder-tools.js';
const RETRY_MS = 5_000;

/** Fetches the second script when it is first needed, and hands it every message from then on, in order. */
export function createToolsLoader(
  scriptUrl: string,
  policy: HTMLScriptElement['foyerPolicy'],
  options: HostToolsOptions,
): HostTools {
  let tools: HostTools | undefined;
  let isLoading = false;
  /** What the script missed and must know: what is in force, and what waits for it. */
  let missed: ToRecorder[] = [];

  const remember = (message: ToRecorder): void => {
    // Of what sets something, the latest counts; a stop ends all that was before it.
    if (message.type === 'stop') missed = missed.filter(({ type }) => type === 'look' || type === 'keep-reach');
    else if (message.type !== 'marks' && message.type !== 'act') {
      missed = missed.filter(({ type }) => type !== message.type);
    }
    missed.push(message);
  };
  const load = (): void => {
    isLoading = true;
    const script = document.createElement('script');
    script.foyerReceiveTools = guarded((create) => {
      if (tools !== undefined) return;
      tools = create(options);
      for (const message of missed) tools.handle(message);
      missed = [];
    });
    const handleError = guarded(() => {
      isLoading = false;
      script.remove();
      for (const message of missed) refuse(message);
      missed = missed.filter((each) => !needsTools(each) || each.type === 'keep-reach');
      // Nothing is shown meanwhile.
      setTimeout(
        guarded(() => !isLoading && missed.some(needsTools) && load()),
        RETRY_MS,
      );
    });
    script.addEventListener('error', handleError);
    // A loader of an older age brings no policy along.
    script.src = policy?.createScriptURL(TOOLS_PATH) ?? new URL(TOOLS_PATH, scriptUrl).href;
    document.head.append(script);
  };
  const refuse = (message: ToRecorder): void => {
    if (message.type === 'pick') options.post({ type: 'pick-cancelled' });
    if (message.type === 'keep-reach' && message.isOn) options.post({ type: 'reach', isReachable: false });
    if (message.type === 'act') options.post({ type: 'act-done', actId: message.actId, refusal: 'not-possible' });
  };

  return {
    handle(message) {
      if (tools) {
        tools.handle(message);
        return;
      }
      const isNeeded = needsTools(message);
      // Without the tools there is nothing to wipe away.
      if (message.type === 'marks' && !isNeeded && !isLoading) return;
      remember(message);
      if (!isLoading && isNeeded) load();
    },
    close: () => tools?.close(),
  };
}
