import type { Visibility } from '../privacy.ts';
import type { FromRecorder, RecorderLook, ToRecorder } from './recorder-messages.ts';

/**
 * What the second script (`/recorder-tools.js`) is given: everything that is seen and done on the visitor's page beside
 * recording. It is fetched when the first message that it handles arrives.
 */
export interface HostToolsOptions {
  /** The node with this id in the running recording; null when it is gone, or never was shared. */
  nodeOf(id: number): Node | null;
  /** Its id in the running recording; -1 when the other side has never heard of it. */
  idOf(node: Node): number;
  /** What of this node may leave the browser right now, under the rules in force. */
  visibilityOf(node: Node): Visibility;
  /** Seen by an agent, never changed by one: the site's rules, the author's attribute, and every private field. */
  isReadOnly(node: Node): boolean;
  /** The widget's frame and everything claimed: never recorded, never acted upon. */
  isOwnInterface(node: Node): boolean;
  /** Call it with the outermost element of whatever is put on the page, before it is put there. */
  claim(element: Element): void;
  /** The roots of what is hidden from the agent right now, outermost first; empty while nothing is recorded. */
  hiddenElements(): Element[];
  post(message: FromRecorder, transfer?: Transferable[]): void;
  look: RecorderLook;
}

export interface HostTools {
  /** Gets every message, also `start` and `stop`; what is not its business it leaves alone. */
  handle(message: ToRecorder): void;
  /** Takes everything off the page. */
  close(): void;
}

export type CreateHostTools = (options: HostToolsOptions) => HostTools;

declare global {
  interface HTMLScriptElement {
    /** How the second script hands itself over: it calls this property of its own element (`document.currentScript`). */
    foyerReceiveTools?: (create: CreateHostTools) => void;
  }
}
