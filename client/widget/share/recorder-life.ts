import type { FromRecorder, RecorderLook, ToRecorder } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ShareGrantName } from '../../../protocol/sharing.ts';
import type { Clock } from '../../connection/clock.ts';
import { openRecorderPort, type RecorderPort } from './recorder-port.ts';

/** What the visitor's page shows while it is shared; told anew with each recording, which forgets it. */
export interface RecorderWishes {
  look: RecorderLook;
  grants: readonly ShareGrantName[];
  isShowingHidden: boolean;
  /** Who looks; said in the places that are hidden. */
  agentName: string | null;
  tool: 'none' | 'laser' | 'ink';
  watermark: string | null;
  /** Something is shared that END has to be at hand for. */
  isReachKept: boolean;
}

/** The recorder of this page: brought once it is needed, and kept for as long as the page lives. */
export interface RecorderLife {
  /** Loads it; harmless when repeated. Only ever after a click of the visitor. */
  ensure(): void;
  post(message: ToRecorder): void;
  /** Says what has changed since it was last told. */
  show(wishes: RecorderWishes): void;
  close(): void;
}

export interface RecorderLifeOptions {
  clock: Clock;
  load(script: string, port: MessagePort): void;
  onMessage(message: FromRecorder): void;
  onMissing(): void;
}

export function createRecorderLife(options: RecorderLifeOptions): RecorderLife {
  let port: RecorderPort | undefined;
  let wishes: RecorderWishes | undefined;
  /** Text of what the recorder was told last, by type. */
  const told = new Map<string, string>();

  function tell(message: ToRecorder): void {
    const text = JSON.stringify(message);
    if (port === undefined || told.get(message.type) === text) return;
    told.set(message.type, text);
    port.post(message);
  }

  function tellWishes(): void {
    if (wishes === undefined) return;
    tell({ type: 'look', look: wishes.look });
    tell({ type: 'grants', grants: wishes.grants });
    tell({ type: 'show-hidden', isOn: wishes.isShowingHidden, agentName: wishes.agentName });
    tell({ type: 'tool', tool: wishes.tool });
    tell({ type: 'watermark', text: wishes.watermark });
    tell({ type: 'keep-reach', isOn: wishes.isReachKept });
  }

  return {
    ensure() {
      if (port !== undefined) return;
      port = openRecorderPort({
        clock: options.clock,
        load: options.load,
        onMessage: options.onMessage,
        onMissing() {
          port?.close();
          port = undefined;
          told.clear();
          options.onMissing();
        },
      });
      tellWishes();
    },
    post(message) {
      port?.post(message);
      if (message.type === 'stop') told.clear();
      if (message.type === 'start') tellWishes();
    },
    show(next) {
      wishes = next;
      tellWishes();
    },
    close() {
      port?.post({ type: 'stop' });
      port?.close();
      port = undefined;
    },
  };
}
