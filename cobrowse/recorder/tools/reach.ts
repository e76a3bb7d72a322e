import type { HostToolsOptions } from '../host-tools.ts';
import type { RecorderLook } from '../recorder-messages.ts';
import { boxOf } from './composed-tree.ts';
import { guarded } from './guarded.ts';
import { createLayer, type Layer } from './layer.ts';
import { WORDS } from './words.ts';

/** Keeps END within the visitor's reach for as long as the page is shared, and says when that cannot be done. */
export interface Reach {
  keep(isWanted: boolean): void;
  close(): void;
}

const CHECK_MS = 250;
/** A frame that changes its size may be without one for a moment. */
const CHECKS_UNTIL_LOST = 2;
/**
 * A page that takes END away again so many times within this time leaves nobody the time to press it. One that does so
 * once a second does.
 */
const CONTEST = { rescues: 3, withinMs: 1_800 };
/** A dialog that is shown again so soon after it has closed leaves nobody the time to press END in between. */
const REOPENED_MS = 125;
/** After which END that needed no rescue is in reach again. */
const CALM_MS = 2_000;
/** Of the points looked at, in fractions of the frame. */
const GRID = [0.15, 0.5, 0.85];

export function createReach(options: HostToolsOptions, look: () => RecorderLook): Reach {
  const frames = document.getElementsByTagName('iframe');
  let life: AbortController | undefined;
  let bar: { layer: Layer; modal: Element; box: Element } | undefined;
  let raised: HTMLElement | undefined;
  let modals: Element[] = [];
  let closedAt = new WeakMap<Node, number>();
  let missed = 0;
  /** When END was last brought back from under something. */
  let rescues: number[] = [];
  let isContested = false;
  let isTold: boolean | undefined;

  /** Outside the dialog that was opened last, or what fills the screen, nothing takes a click, wherever it stands. */
  const findModal = (): Element | undefined => {
    const open = Array.from(document.querySelectorAll('dialog[open]')).filter((each) => each.matches(':modal'));
    modals = [...modals.filter((each) => open.includes(each)), ...open.filter((each) => !modals.includes(each))];
    return modals.at(-1) ?? document.fullscreenElement ?? undefined;
  };
  const dropBar = (): void => {
    bar?.layer.close();
    bar = undefined;
  };
  const noteRescue = (): void => {
    rescues = [...rescues, performance.now()].slice(-CONTEST.rescues);
    const [first = 0, ...rest] = rescues;
    if (rescues.length === CONTEST.rescues && rest.at(-1)! - first < CONTEST.withinMs) isContested = true;
  };
  /** A dialog that comes and goes is nothing unusual; one that is back at once is, again and again. */
  const noteReopened = (changes: readonly MutationRecord[]): void => {
    const now = performance.now();
    for (const { target, attributeName, oldValue } of changes) {
      if (attributeName !== 'open') continue;
      if (oldValue !== null) closedAt.set(target, now);
      else if ((target as Element).matches(':modal') && now - (closedAt.get(target) ?? -Infinity) < REOPENED_MS) {
        noteRescue();
      }
    }
  };
  const showBar = (modal: Element): void => {
    if (bar?.modal === modal && bar.box.isConnected) return;
    // Its layer puts it back by itself, but for where it was taken out again too soon.
    if (bar?.modal === modal) noteRescue();
    dropBar();
    const { language, accent } = look();
    const words = WORDS[language];
    const layer = createLayer({ ...options, accent, home: modal });
    const box = layer.add('div', 'bar');
    box.lang = language;
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', words.sharing);
    const text = document.createElement('p');
    text.className = 'shared';
    text.textContent = words.pageIsShared;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'end';
    button.textContent = words.end;
    button.addEventListener(
      'click',
      guarded(({ isTrusted }: Event) => isTrusted && options.post({ type: 'end-asked' })),
    );
    box.append(text, button);
    bar = { layer, modal, box };
  };
  /** Above everything that a page can put there; what opens later comes after it, so it is raised again. */
  const raise = (isAnew: boolean): void => {
    const frame = Array.from(frames).find(options.isOwnInterface);
    const holder = frame?.parentElement;
    if (!holder || typeof holder.showPopover !== 'function') return;
    // Libraries take the page away from the keyboard and the screen reader while they show a dialog of their own.
    for (const name of ['inert', 'aria-hidden']) if (holder.hasAttribute(name)) holder.removeAttribute(name);
    if (raised !== holder) lower();
    if (!holder.hasAttribute('popover')) holder.setAttribute('popover', 'manual');
    raised = holder;
    const isOpen = holder.matches(':popover-open');
    if (isOpen && isAnew) holder.hidePopover();
    if (!isOpen || isAnew) holder.showPopover();
  };
  const lower = (): void => {
    raised?.removeAttribute('popover');
    raised = undefined;
  };
  const isHit = (element: Element | undefined): boolean => {
    if (!element?.isConnected) return false;
    const { x, y, width, height } = boxOf(element);
    if (!width || !height) return false;
    const root = element.getRootNode() as Document | ShadowRoot;
    const hits = GRID.flatMap((down) =>
      GRID.filter((across) => {
        const hit = root.elementFromPoint(x + across * width, y + down * height);
        return hit !== null && (hit === element || element.contains(hit));
      }),
    );
    return hits.length > (GRID.length * GRID.length) / 2;
  };
  const tell = (isReachable: boolean): void => {
    if (isReachable === isTold) return;
    isTold = isReachable;
    options.post({ type: 'reach', isReachable });
  };
  const check = (isAnew: boolean): void => {
    const modal = findModal();
    const frame = Array.from(frames).find(options.isOwnInterface);
    if (modal && !modal.contains(frame ?? null)) {
      // Under what has taken its clicks away: seen above it, it would be pressed in vain.
      lower();
      showBar(modal);
    } else {
      dropBar();
      const wasTaken = raised !== undefined && !isHit(frame);
      // What opens in a shadow tree says so to nobody outside of it.
      raise(isAnew || missed > 0);
      if (wasTaken && isHit(frame)) noteRescue();
    }
    if (performance.now() - (rescues.at(-1) ?? 0) > CALM_MS) isContested = false;
    // A page that changes back and forth must not be what counts the time.
    missed = isHit(bar?.box ?? frame) ? 0 : missed + (isAnew ? 0 : 1);
    if (missed === 0 || missed >= CHECKS_UNTIL_LOST) tell(missed === 0 && !isContested);
  };

  const start = (): void => {
    life = new AbortController();
    const { signal } = life;
    // Who answers each raising with another one would be answered for ever: then the timer alone looks.
    const again = guarded(() => isContested || check(true));
    const timer = setInterval(
      guarded(() => check(false)),
      CHECK_MS,
    );
    const attributes = new MutationObserver(
      guarded((changes) => {
        noteReopened(changes);
        again();
      }),
    );
    attributes.observe(document, { subtree: true, attributeFilter: ['open', 'inert'], attributeOldValue: true });
    const handleToggle = guarded(({ target, newState }: Event & Partial<ToggleEvent>) => {
      if (newState === 'open' && !options.isOwnInterface(target as Node)) again();
    });
    document.addEventListener('toggle', handleToggle, { capture: true, signal });
    document.addEventListener('fullscreenchange', again, { signal });
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      attributes.disconnect();
    });
    again();
  };
  const close = (): void => {
    life?.abort();
    life = undefined;
    dropBar();
    lower();
    [missed, isTold, closedAt, rescues, isContested] = [0, undefined, new WeakMap(), [], false];
  };
  return {
    keep(isWanted) {
      if (isWanted && !life) start();
      if (!isWanted) close();
    },
    close,
  };
}
