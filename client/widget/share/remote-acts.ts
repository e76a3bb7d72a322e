import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import { isOpenable } from '../../../cobrowse/openable-pages.ts';
import type { FromRecorder, ToRecorder } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ActRefusal, ShareAct, ShareView } from '../../../protocol/sharing.ts';
import type { ShareLink } from './share-link.ts';

/** What an agent has done on the page, for the visitor to read. */
export interface DoneAct {
  /** Another one for each act. */
  key: number;
  kind: ShareAct['kind'];
  agentName: string;
  /** What it was done to; null where it has no name. */
  label: string | null;
}

/** A page that an agent would like the visitor to go to. */
export interface AskedPage {
  actId: string;
  url: string;
  agentName: string;
}

export interface RemoteActs {
  readonly lastAct: ReadonlySignal<DoneAct | null>;
  readonly askedPage: ReadonlySignal<AskedPage | null>;
  handleRecorder(message: FromRecorder): void;
  answerPage(isAllowed: boolean): void;
  close(): void;
}

export interface RemoteActsOptions {
  link: ShareLink;
  tabId: string;
  share: ReadonlySignal<ShareView | null>;
  epoch: ReadonlySignal<number | null>;
  recorder: { post(message: ToRecorder): void };
  pageUrl(): string;
  /** Origins besides the page's own that may be opened from it. */
  openableOrigins(): readonly string[];
}

/** More than this at once is no person. */
const MAX_PENDING = 50;

/** Pointing, drawing and acting, to and fro between the agent and this page. */
export function createRemoteActs(options: RemoteActsOptions): RemoteActs {
  const { link, tabId, share, epoch, recorder } = options;
  const lastAct = signal<DoneAct | null>(null);
  const askedPage = signal<AskedPage | null>(null);
  const pending = new Map<string, { act: ShareAct; agentName: string }>();
  let nextKey = 1;

  const isHere = (asked: { shareId: string; tabId: string; epoch: number }) =>
    asked.shareId === share.peek()?.shareId && asked.tabId === tabId && asked.epoch === epoch.peek();

  function report(actId: string, refusal: ActRefusal | null): void {
    const shareId = share.peek()?.shareId;
    if (shareId === undefined) return;
    // An answer that gets lost is one that the agent does not wait for any more.
    link.request('share:report-act', { shareId, actId, refusal }).catch(() => undefined);
  }

  function forward(actId: string, act: ShareAct, agentName: string): void {
    if (pending.size >= MAX_PENDING) {
      report(actId, 'not-possible');
      return;
    }
    pending.set(actId, { act, agentName });
    recorder.post({ type: 'act', actId, act, agentName });
  }

  /** The question stands on a permission, and goes with it. */
  function handleGrants(view: ShareView | null): void {
    const asked = askedPage.peek();
    if (asked === null || view?.grants.some(({ grant }) => grant === 'navigate')) return;
    askedPage.value = null;
    report(asked.actId, 'not-granted');
  }

  const stops = [
    effect(() => {
      const view = share.value;
      untracked(() => handleGrants(view));
    }),
    link.on('share:act-asked', (asked) => {
      if (!isHere(asked)) return;
      const { actId, act, agentName } = asked;
      if (act.kind !== 'open') {
        forward(actId, act, agentName);
        return;
      }
      // Whatever a server lets through: this is the visitor's own browser.
      if (!isOpenable(act.url, options.pageUrl(), options.openableOrigins())) {
        report(actId, 'elsewhere');
        return;
      }
      const earlier = askedPage.peek();
      if (earlier !== null) report(earlier.actId, 'declined');
      askedPage.value = { actId, url: act.url, agentName };
    }),
    link.on('share:marks-made', (made) => {
      if (made.from === 'agent' && isHere(made)) recorder.post({ type: 'marks', name: made.name, marks: made.marks });
    }),
  ];

  return {
    lastAct,
    askedPage,
    handleRecorder(message) {
      if (message.type === 'act-done') {
        const done = pending.get(message.actId);
        pending.delete(message.actId);
        if (done === undefined) return;
        report(message.actId, message.refusal);
        if (message.refusal !== null) return;
        lastAct.value = { key: nextKey, kind: done.act.kind, agentName: done.agentName, label: message.label ?? null };
        nextKey += 1;
      } else if (message.type === 'marks') {
        const view = share.peek();
        const number = epoch.peek();
        if (view === null || number === null) return;
        link.signal('share:send-marks', { shareId: view.shareId, tabId, epoch: number, marks: [...message.marks] });
      }
    },
    answerPage(isAllowed) {
      const asked = askedPage.peek();
      if (asked === null) return;
      askedPage.value = null;
      if (isAllowed) forward(asked.actId, { kind: 'open', url: asked.url }, asked.agentName);
      else report(asked.actId, 'declined');
    },
    close() {
      for (const stop of stops) stop();
      const asked = askedPage.peek();
      if (asked !== null) report(asked.actId, 'declined');
    },
  };
}
