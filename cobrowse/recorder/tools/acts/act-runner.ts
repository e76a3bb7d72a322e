import type { ActRefusal, ShareAct, ShareGrantName } from '../../../../protocol/sharing.ts';
import type { HostToolsOptions } from '../../host-tools.ts';
import type { RecorderLook } from '../../recorder-messages.ts';
import type { Point } from '../composed-tree.ts';
import { guarded } from '../guarded.ts';
import { nameElement } from '../element-name.ts';
import type { Layer } from '../layer.ts';
import { createActNotices } from './act-notices.ts';
import { RefusedAct, refuse, requireChangeable, requireKnown } from './act-target.ts';
import { createChangeDebt } from './change-debt.ts';
import { chooseOptions } from './choose-options.ts';
import { prepareClick } from './click.ts';
import { prepareNavigation, prepareOpening } from './go-to.ts';
import { pressKey } from './press-key.ts';
import { scrollPage } from './scroll-page.ts';
import { typeText } from './type-text.ts';
import { createVisitorInput } from './visitor-input.ts';

/** Does on the visitor's page what an agent asks for, after having checked all of it here (B7). */
export interface ActRunner {
  run(actId: string, act: ShareAct, agentName: string): void;
  setGrants(grants: readonly ShareGrantName[]): void;
  clear(): void;
  close(): void;
}

const GRANT_FOR: Record<ShareAct['kind'], ShareGrantName> = {
  scroll: 'scroll',
  click: 'click-and-type',
  type: 'click-and-type',
  press: 'click-and-type',
  select: 'click-and-type',
  navigate: 'navigate',
  open: 'navigate',
};

/** The page takes the widget along, which has to send the answer before. */
const LEAVE_AFTER_MS = 50;

interface Ready {
  /** What it is done to, for its name and for the notice; null is the page. */
  element: Element | null;
  point?: Point;
  /** The last step. Where it leaves the page, the answer goes first. */
  finish?: () => void;
  isLeaving?: boolean;
}

export function createActRunner(options: HostToolsOptions, layer: Layer, look: () => RecorderLook): ActRunner {
  const notices = createActNotices(layer);
  const debt = createChangeDebt();
  const input = createVisitorInput();
  let grants: readonly ShareGrantName[] = [];

  /** @throws {RefusedAct} */
  function perform(act: ShareAct): Ready {
    const needed = Object.hasOwn(GRANT_FOR, act.kind) ? GRANT_FOR[act.kind] : undefined;
    if (needed === undefined || !grants.includes(needed)) refuse('not-granted');
    if (options.idOf(document) < 0) refuse('paused');
    if (act.kind === 'open') return { element: null, finish: prepareOpening(act.url), isLeaving: true };
    if (act.kind === 'navigate') {
      requireQuiet();
      return { element: null, finish: prepareNavigation(act.to), isLeaving: true };
    }
    if (act.kind === 'scroll') {
      requireQuiet();
      return { element: scrollPage(act.nodeId, act.left, act.top, options) };
    }
    if (act.kind === 'click') {
      const known = requireKnown(act.at.nodeId, options);
      requireChangeable(known, options);
      requireQuiet(known);
      const { element, point, run } = prepareClick(act.at, options, grants.includes('scroll'));
      debt.settle(element);
      return { element, point, finish: run };
    }
    const element = requireKnown(act.nodeId, options);
    requireChangeable(element, options);
    requireQuiet(element);
    debt.settle(element);
    if (act.kind === 'type') typeText(element, act.text, options, debt);
    if (act.kind === 'press') pressKey(element, act.key, options, debt);
    if (act.kind === 'select') chooseOptions(element, act.indexes, options);
    return { element };
  }

  /** The visitor's own hands come first. */
  function requireQuiet(element?: Element): void {
    input.watch(element?.ownerDocument.defaultView ?? window);
    if (input.isBusy()) refuse('visitor-is-busy');
  }

  function answer(actId: string, refusal: ActRefusal | null, label?: string): void {
    options.post({ type: 'act-done', actId, refusal, ...(label === undefined ? {} : { label }) });
  }

  return {
    run(actId, act, agentName) {
      let label: string | undefined;
      try {
        const { element, point, finish, isLeaving } = perform(act);
        const { language } = look();
        // Named and shown before the last step: after it the page may be another.
        if (element) label = nameElement(element, language);
        notices.show(agentName, act.kind, language, point ?? element);
        if (isLeaving) {
          answer(actId, null, label);
          setTimeout(guarded(finish ?? (() => {})), LEAVE_AFTER_MS);
          return;
        }
        finish?.();
      } catch (thrown) {
        return answer(actId, thrown instanceof RefusedAct ? thrown.refusal : 'not-possible');
      }
      answer(actId, null, label);
    },
    setGrants(next) {
      grants = next;
      if (next.some((grant) => grant !== 'point' && grant !== 'draw')) input.watch(window);
    },
    clear() {
      grants = [];
      debt.settle();
      notices.clear();
    },
    close() {
      debt.settle();
      notices.clear();
      input.close();
    },
  };
}
