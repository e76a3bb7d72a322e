import type { HostTools, HostToolsOptions } from './host-tools.ts';
import type { ToRecorder } from './recorder-messages.ts';

/** Recording goes without them; any other message brings the second script. */
const WITHOUT_TOOLS: readonly ToRecorder['type'][] = ['look', 'start', 'stop', 'hold', 'key', 'grants', 'cancel-pick'];

/** Fetches the second script when it is first needed, and hands it every message from then on, in order. */
export function createToolsLoader(scriptUrl: string, options: HostToolsOptions): HostTools {
  let tools: HostTools | undefined;
  let isLoading = false;
  /** What the script missed and must know: what is in force, and what waits for it. */
  let missed: ToRecorder[] = [];

  const remember = (message: ToRecorder): void => {
    // Of what sets something, the latest counts; a stop ends all that was before it.
    if (message.type === 'stop') missed = missed.filter(({ type }) => type === 'look');
    else if (message.type !== 'marks' && message.type !== 'act') {
      missed = missed.filter(({ type }) => type !== message.type);
    }
    missed.push(message);
  };
  const load = (): void => {
    isLoading = true;
    const script = document.createElement('script');
    script.foyerReceiveTools = (create) => {
      if (tools !== undefined) return;
      tools = create(options);
      for (const message of missed) tools.handle(message);
      missed = [];
    };
    script.addEventListener('error', () => {
      isLoading = false;
      script.remove();
      for (const message of missed) refuse(message);
      missed = missed.filter(({ type }) => WITHOUT_TOOLS.includes(type));
    });
    script.src = new URL('/recorder-tools.js', scriptUrl).href;
    document.head.append(script);
  };
  const refuse = (message: ToRecorder): void => {
    if (message.type === 'pick') options.post({ type: 'pick-cancelled' });
    if (message.type === 'act') options.post({ type: 'act-done', actId: message.actId, refusal: 'not-possible' });
  };

  return {
    handle(message) {
      if (tools) {
        tools.handle(message);
        return;
      }
      remember(message);
      if (!isLoading && !WITHOUT_TOOLS.includes(message.type)) load();
    },
    close: () => tools?.close(),
  };
}
