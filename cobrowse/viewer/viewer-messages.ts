import type { PageScheme, ShareAct, ShareGrantName, ShareMark } from '../../protocol/sharing.ts';

/**
 * How the workspace hands over its end of a channel, once the frame has loaded:
 * `frame.contentWindow.postMessage(VIEWER_PORT_MESSAGE, originOfViewer, [port])`. The viewer takes the first one of its
 * own parent and no other. The frame needs `sandbox="allow-scripts allow-same-origin"`, no more and no less.
 */
export const VIEWER_PORT_MESSAGE = 'foyer:viewer-port';

/**
 * What the workspace and the viewer say to one another. The viewer is a page of its own in a frame, with a strict
 * content policy and no socket: whatever a shared page contains, it can reach neither the network nor the workspace.
 */
export type ToViewer =
  | {
      type: 'look';
      language: 'en' | 'de';
      scheme: 'light' | 'dark';
      assetPath: string;
      /** Stands at the visitor's pointer. */
      visitorName?: string;
      /** A recording is played: nothing is late, and nobody can be asked for more. */
      isRecording?: boolean;
    }
  /**
   * The tab to show from now on. What is on screen stays, dimmed, until its first key frame is built. Another
   * `scheme` counts from the next key frame on.
   */
  | { type: 'show-tab'; tabId: string; epoch: number; scheme?: PageScheme | undefined }
  /**
   * Deflated pieces as they came, of every tab; those since a key frame are one deflate stream. The viewer keeps those
   * of tabs that are not shown, so that a change of tab needs no new key frame.
   */
  | {
      type: 'frame';
      tabId: string;
      epoch: number;
      scopeNumber: number;
      seq: number;
      isKey: boolean;
      isLast: boolean;
      data: ArrayBuffer;
    }
  /** Blank at once; nothing of a smaller scope number is shown again. */
  | { type: 'clear'; scopeNumber: number }
  /**
   * A recording goes to another place: what came before is forgotten, and what is on screen stays until the next key
   * frame is built.
   */
  | { type: 'rewind' }
  | { type: 'navigating' }
  | { type: 'marks'; name: string; marks: readonly ShareMark[] }
  | { type: 'fit'; fit: 'fit' | 'actual-size' }
  /** Follow the visitor's scrolling, or look around freely. */
  | { type: 'follow'; isOn: boolean }
  | { type: 'tool'; tool: ViewerTool }
  | { type: 'grants'; grants: readonly ShareGrantName[] }
  | { type: 'watermark'; text: string | null };

export type ViewerTool = 'look' | 'point' | 'laser' | 'ink' | 'highlight' | 'act';

export type FromViewer =
  | { type: 'ready' }
  /** The first picture of this tab stands. */
  | { type: 'shown'; tabId: string; epoch: number; tookMs: number }
  | { type: 'confirm'; tabId: string; epoch: number; seq: number }
  | { type: 'resync'; tabId: string; epoch: number; because: 'gap' | 'differs' | 'failed' }
  | { type: 'marks'; tabId: string; epoch: number; marks: readonly ShareMark[] }
  | { type: 'act'; tabId: string; epoch: number; actId: string; act: ShareAct }
  /** What the visitor's page cannot show here, counted by reason. */
  | { type: 'not-shown'; reasons: Record<string, number> }
  | { type: 'viewport'; width: number; height: number; isTouch: boolean };
