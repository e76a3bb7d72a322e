import type { ActRefusal, ShareAct, ShareGrantName, ShareMark, SharePauseReason } from '../../protocol/sharing.ts';

/**
 * What the widget and the recorder say to one another, over a port that the loader hands to the recorder's script. The
 * recorder lives in the customer's page, the widget in its own frame: only here do they meet.
 */

/** Which parts of the page may leave the browser. Set by the site's operator; made sense of by `privacy.ts`. */
export interface PrivacyRules {
  /** Selectors of what is never sent. */
  deny: readonly string[];
  /** With `isPrivateByDefault`, selectors of what may be sent; everything else is masked. */
  allow: readonly string[];
  isPrivateByDefault: boolean;
  /** Selectors of fields that an agent sees and never changes. */
  readOnly: readonly string[];
  /** Paths with `*` where nothing at all is shared: the share pauses by itself. */
  privatePaths: readonly string[];
}

/** A part of the page the visitor has picked. Stays in this browser: the server learns the number alone. */
export interface PickedPart {
  /** Path of the page it was picked on, with the route of a site that keeps it in the fragment. */
  path: string;
  /** Leads to the same element after a reload. */
  selector: string;
  /** For the visitor's own eyes, such as "Form: Delivery address". */
  label: string;
}

/** The visitor's own choice of what is shared. */
export interface ChosenScope {
  /** Null is the whole page. */
  onlyPart: PickedPart | null;
  hidden: readonly PickedPart[];
}

export interface StreamStart {
  epoch: number;
  scopeNumber: number;
  scope: ChosenScope;
  rules: PrivacyRules;
}

/** Colours and words of the visitor's side. */
export interface RecorderLook {
  language: 'en' | 'de';
  accent: string | null;
}

export type ToRecorder =
  | { type: 'look'; look: RecorderLook }
  /** Begins, or begins anew: what was recorded before is forgotten first. The first `events` are a key frame. */
  | { type: 'start'; stream: StreamStart }
  /** Stops recording and drops what waits. The marks and overlays go too. */
  | { type: 'stop' }
  /** The line is full: throw away what is gathered and stay silent until `key`. */
  | { type: 'hold' }
  /** Send a key frame now, and go on from there. */
  | { type: 'key' }
  /** Lets the visitor choose an element with pointer or keyboard. Comes before the first `start` as well. */
  | { type: 'pick'; purpose: 'only' | 'hide' }
  | { type: 'cancel-pick' }
  /** Shows on the page what the agent does not see; the name is said in each of these places. */
  | { type: 'show-hidden'; isOn: boolean; agentName?: string | null }
  | { type: 'marks'; name: string; marks: readonly ShareMark[] }
  /** The visitor points or draws on the page. */
  | { type: 'tool'; tool: 'none' | 'laser' | 'ink' }
  | { type: 'grants'; grants: readonly ShareGrantName[] }
  | { type: 'act'; actId: string; act: ShareAct; agentName: string }
  /** Text over the page while it is shared; null takes it away. */
  | { type: 'watermark'; text: string | null }
  /** END stays within the visitor's reach, also while nothing is recorded; `reach` says when it does not. */
  | { type: 'keep-reach'; isOn: boolean };

export type FromRecorder =
  | { type: 'ready' }
  /** Recorder events as JSON, in order; `isKey` begins a new stream context. `events` is a JSON array. */
  | { type: 'events'; epoch: number; scopeNumber: number; isKey: boolean; events: string }
  | { type: 'picked'; purpose: 'only' | 'hide'; part: PickedPart }
  | { type: 'pick-cancelled' }
  /** Nothing may be sent now; a new `start` is needed to go on. The detail is the selector that has led to this. */
  | { type: 'paused'; epoch: number; because: SharePauseReason; detail?: string }
  /** The page as it may be named to the agent: origin and path, and a title unless it is private. At each change. */
  | { type: 'page'; epoch: number; page: { url: string; title: string }; isFront: boolean }
  /** How many elements are hidden from the agent right now, for the banner. */
  | { type: 'hidden-count'; count: number }
  | { type: 'marks'; marks: readonly ShareMark[] }
  /** The visitor has put laser or ink away on the page itself, with Escape. */
  | { type: 'tool-ended' }
  /** Whether the visitor can press END right now; true until said otherwise. */
  | { type: 'reach'; isReachable: boolean }
  /** END was pressed where the widget's own cannot be: in a dialog that keeps all clicks to itself. */
  | { type: 'end-asked' }
  /** `label` names what was acted on, for the visitor's own eyes: "Add to cart". It stays in this browser. */
  | { type: 'act-done'; actId: string; refusal: ActRefusal | null; label?: string }
  /**
   * Bytes with their SHA-256, or the address of a public picture for the server to fetch. The hash is null where the page
   * is not a secure context: then the widget, which is one, takes it.
   */
  | {
      type: 'asset';
      epoch: number;
      assetKey: number;
      hash: string | null;
      url: string | null;
      bytes: ArrayBuffer | null;
    }
  /** The page is about to go away. */
  | { type: 'leaving'; epoch: number }
  /** The recorder cannot work on this page, or could not be loaded (`script`, said by the loader). */
  | { type: 'failed'; because: string };
