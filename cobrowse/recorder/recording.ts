import { record } from '@rrweb/record';
import { EventType, IncrementalSource, type eventWithTime, type mutationData } from '@rrweb/types';
import { findPart, type ChoiceMemory } from '../choice-memory.ts';
import { createPrivacy, STANDING, type Privacy } from '../privacy.ts';
import { isPrivatePath } from '../private-paths.ts';
import type { OwnEvents, StreamEvent } from '../stream-events.ts';
import type { SharePauseReason } from '../../protocol/sharing.ts';
import type { AssetCollector } from './asset-collector.ts';
import { cleanSheet, reduceAddress } from './egress-attributes.ts';
import { createEgressFilter } from './egress-filter.ts';
import { createEventBatch } from './event-batch.ts';
import { createForeignSheets, toAttributeEvent } from './foreign-sheets.ts';
import { createHiddenBoxes } from './hidden-boxes.ts';
import type { OwnInterface } from './own-interface.ts';
import { takeDigest } from './page-digest.ts';
import { createPageGaps } from './page-gaps.ts';
import { readViewport, watchPage } from './page-watch.ts';
import type { StreamStart } from './recorder-messages.ts';
import { createScriptFonts } from './script-fonts.ts';
import { createSentNodes, type Mirror } from './sent-nodes.ts';
import { quietly } from './tools/guarded.ts';
import { FIELDS } from '../private-fields.ts';
import { nodeTypeOf, parentNodeOf, presentRoots, queryAll, recordedRoots } from '../untouched-dom.ts';
import { sparing } from './sparing.ts';
import { createStandingSweep, type StandingSweep } from './standing-sweep.ts';
import { createStyleMentions } from './style-mentions.ts';
import { rewriteStyle, toAssetAddress, type ToAssetKey } from './style-text.ts';
import { createUsedPictures } from './used-pictures.ts';

/** What both sides hold is compared this often. */
const DIGEST_MS = 5_000;
/** The library keeps what it has seen; beginning anew from time to time keeps that small. */
const RESTART_AFTER_MS = 15 * 60_000;
/** A page that keeps hiding and showing things is not allowed to make a key frame of each. */
const MIN_RESTART_MS = 500;
/** Where the library stumbles over the page, changes may be missing; a page that makes it stumble all the time pays no more. */
const MIN_HEALING_MS = 10_000;

export interface RecordingOptions {
  stream: StreamStart;
  choice: ChoiceMemory;
  assets: AssetCollector;
  own: OwnInterface;
  sendEvents(events: string, isKey: boolean): void;
  sendPage(page: { url: string; title: string }, isFront: boolean): void;
  sendHiddenCount(count: number): void;
  /** This recording has ended itself. */
  pause(because: SharePauseReason, detail?: string): void;
  fail(because: string): void;
  leave(): void;
  /** How long the next key frame that nobody has asked for has to wait. */
  reserveKey(): number;
  /** Only a new recording shows the page as it is now. */
  restart(): void;
}

/** One run of the recorder library over the page, from a key frame on. A change of what is shared takes a new one. */
export interface Recording {
  readonly mirror: Mirror;
  readonly privacy: Privacy;
  idOf(node: Node): number;
  hiddenElements(): Element[];
  close(): void;
}

/** @returns undefined when it could not begin, or ended at once: then that has been said */
export function startRecording(options: RecordingOptions): Recording | undefined {
  const { stream, assets, own } = options;
  const privacy = createPrivacy(stream.rules, stream.scope, document, options.choice);
  if ('unreadable' in privacy) {
    options.pause('unreadable-rules', privacy.unreadable);
    return undefined;
  }
  const { mirror } = record;
  const sent = createSentNodes(mirror);
  const mentions = createStyleMentions();
  const startedAt = performance.now();
  const root = document.documentElement;
  let stopLibrary: (() => void) | undefined;
  let unwatch: (() => void) | undefined;
  let isOver = false;
  let isWithRestart = false;
  let hasBegun = false;
  let hasStumbled = false;
  let checkedAddress = '';
  let lastAddress = '';
  let lastTold = '';
  let hiddenCount = -1;
  let notShown: OwnEvents['foyer:not-shown']['nodes'] = [];

  const close = (): void => {
    if (isOver) return;
    isOver = true;
    // The page may have replaced what we take back; nothing is sent any more either way.
    quietly(() => batch.close());
    quietly(() => unwatch?.());
    quietly(() => gaps.close());
    quietly(() => sheets.close());
    quietly(() => stopLibrary?.());
    recordedRoots.clear();
  };
  /** Every entry from the page: a fault of ours, or a page that throws, ends sharing and nothing else. */
  const guarded =
    <Inputs extends unknown[]>(act: (...inputs: Inputs) => void) =>
    (...inputs: Inputs): void => {
      if (isOver) return;
      try {
        act(...inputs);
      } catch (error) {
        handleFault(error);
      }
    };
  const handleFault = (error: unknown): void => {
    close();
    options.fail(error instanceof Error ? error.name : 'unknown');
  };
  /** False, and over, when nothing of the page as it is now may be shared. */
  const mayShare = (): boolean => {
    if (isOver) return false;
    const { href } = location;
    if (href !== checkedAddress) {
      checkedAddress = href;
      if (isPrivatePath(stream.rules.privatePaths, location)) {
        close();
        options.pause('private-page');
        return false;
      }
    }
    const gone = privacy.findGone();
    if (gone === undefined) return true;
    close();
    options.pause('part-gone', gone);
    return false;
  };
  const restart = (): void => {
    if (isOver) return;
    setTimeout(guarded(takeAway));
    if (isWithRestart) return;
    isWithRestart = true;
    const waitMs = Math.max(MIN_RESTART_MS - (performance.now() - startedAt), options.reserveKey());
    setTimeout(guarded(options.restart), waitMs);
  };
  /** What is hidden or masked by now goes at once, also where a key frame has to wait its turn. */
  const takeAway = (): void => {
    privacy.forget();
    const isStricter = (node: Node | null): boolean =>
      node !== null &&
      nodeTypeOf(node) !== Node.DOCUMENT_TYPE_NODE &&
      privacy.standingOf(node) > (sent.standingOf(mirror.getId(node)) ?? STANDING.blocked);
    const removes: mutationData['removes'] = [];
    for (const [id, node] of sent.present()) {
      const parent = parentNodeOf(node);
      if (!isStricter(node) || isStricter(parent)) continue;
      const isShadow = parent instanceof ShadowRoot;
      const parentId = mirror.getId(isShadow ? parent.host : parent);
      if (sent.has(parentId)) removes.push({ parentId, id, ...(isShadow && { isShadow }) });
    }
    if (removes.length === 0) return;
    for (const { id } of removes) sent.remove(mirror.getNode(id) as Node);
    const data: mutationData = { source: IncrementalSource.Mutation, texts: [], attributes: [], adds: [], removes };
    push({ type: EventType.IncrementalSnapshot, timestamp: Date.now(), data });
    batch.flush();
  };
  const takeAwayMore = sparing(takeAway, 0);
  const push = (event: StreamEvent): void => batch.add(event);
  const tell = <Tag extends keyof OwnEvents>(tag: Tag, payload: OwnEvents[Tag]): void =>
    push({ type: EventType.Custom, timestamp: Date.now(), data: { tag, payload } });

  function* sentFields(): ReturnType<typeof sent.present> {
    for (const root of presentRoots) {
      for (const field of queryAll(root, FIELDS)) {
        const id = mirror.getId(field);
        const standing = sent.standingOf(id);
        if (standing !== undefined) yield [id, field, standing];
      }
    }
  }
  const findShownId = (node: Node): number | undefined => {
    const id = mirror.getId(node);
    return sent.has(id) && privacy.standingOf(node) === STANDING.shown ? id : undefined;
  };
  const toAssetKey: ToAssetKey = (address, use) => assets.keyOf(address, document.baseURI, use);
  const pictures = createUsedPictures(sent, privacy.standingOf, assets);
  const fonts = createScriptFonts({
    roots: presentRoots,
    standingOf: privacy.standingOf,
    mentions,
    toAssetKey,
    tellRule: (css) => tell('foyer:fonts', { css }),
    tellNotShown: (told) => tell('foyer:not-shown', told),
  });
  const gaps = createPageGaps({
    doc: document,
    roots: presentRoots,
    findShownId,
    cleanValue: (value) => rewriteStyle(value, toAssetKey),
    tell: (state) => tell('foyer:state', state),
    tellPicture: (id, { currentSrc }) =>
      push(toAttributeEvent(id, { src: toAssetAddress(currentSrc, toAssetKey, 'now') })),
  });
  const sheets = createForeignSheets((link, css) => {
    guarded(() => {
      const id = mirror.getId(link);
      if (!mayShare() || !sent.has(id)) return;
      privacy.forget();
      const standing = privacy.standingOf(link);
      if (standing & STANDING.blocked) return;
      push(toAttributeEvent(id, { _cssText: cleanSheet(css, standing, { mentions, toAssetKey, privacy }) }));
    })();
  });
  const boxes = createHiddenBoxes((element, style) => {
    const id = mirror.getId(element);
    if (sent.has(id)) push(toAttributeEvent(id, { style: { ...style } }));
  });
  const filter = createEgressFilter({
    mirror,
    sent,
    privacy,
    boxes,
    mentions,
    toAssetKey,
    isOwnInterface: own.isRoot,
    reportSent: gaps.forget,
    reportNotShown: (nodeId, because) => void notShown.push({ nodeId, because }),
    reportUnreadSheet: (link) => sheets.read(link),
    reportNewStanding: restart,
    tell,
  });

  /** Where a rule asks for more than the element itself: whenever anything has changed. */
  const ruleSweep = createStandingSweep(sent.present, privacy, { share: 0.01, savedMs: 100 });
  /** For what the library is not told of, all the time. */
  const steadySweeps = [
    createStandingSweep(sentFields, privacy, { share: 0.02, savedMs: 50 }),
    createStandingSweep(sent.present, privacy, { share: 0.005, savedMs: 20 }),
  ];
  const look = (sweep: StandingSweep): void => {
    if (!sweep.look()) return;
    // The picture that shows it all as it is by now is on its way already.
    if (isWithRestart) takeAwayMore();
    else restart();
  };
  const batch = createEventBatch(
    () => {
      if (!mayShare()) return false;
      look(ruleSweep);
      if (notShown.length > 0) {
        const nodes = notShown;
        notShown = [];
        tell('foyer:not-shown', { nodes });
      }
      return true;
    },
    options.sendEvents,
    (tickMs) => tell('foyer:reduced', { tickMs }),
    handleFault,
  );
  const handleEvent = guarded((event: eventWithTime) => {
    if (!mayShare()) return;
    if (privacy.dependsOnOthers) ruleSweep.ask();
    const clean = filter(event);
    if (!clean) return;
    push(clean);
    if (event.type === EventType.FullSnapshot) completeKey();
  });
  /** What else there is to tell of a page that is shown for the first time. */
  const completeKey = (): void => {
    tell('foyer:viewport', readViewport());
    fonts.look();
    gaps.scan();
    tellPage();
    countHidden();
  };
  const tellPage = (): void => {
    privacy.forget();
    const title = document.querySelector('title');
    const isPublic = title !== null && privacy.standingOf(title) === STANDING.shown;
    const page = {
      url: reduceAddress(location.href, location.href),
      title: isPublic ? document.title.slice(0, 300) : '',
    };
    const summary = page.url + page.title;
    if (summary !== lastTold) tell('foyer:route', page);
    lastTold = summary;
    lastAddress = location.href + document.title;
    options.sendPage(page, document.visibilityState === 'visible');
  };
  const countHidden = (): void => {
    const count = sent.hiddenRoots().length;
    if (count !== hiddenCount) options.sendHiddenCount(count);
    hiddenCount = count;
  };
  const handleTick = (): void => {
    if (!mayShare()) return;
    const isReplaced = document.documentElement !== root;
    if (isReplaced || performance.now() - startedAt > (hasStumbled ? MIN_HEALING_MS : RESTART_AFTER_MS)) {
      restart();
      return;
    }
    privacy.forget();
    assets.check();
    pictures.look();
    boxes.check();
    fonts.look();
    lookForGaps();
    if (location.href + document.title !== lastAddress) handlePage();
    look(ruleSweep);
    for (const sweep of steadySweeps) {
      sweep.ask();
      look(sweep);
    }
    tellDigest();
  };
  const tellDigest = sparing(() => {
    batch.flush();
    if (isOver) return;
    countHidden();
    tell('foyer:digest', takeDigest(sent, mirror));
  }, DIGEST_MS);
  const lookForGaps = sparing(gaps.scan, 0);
  const handlePage = (): void => {
    if (mayShare() && lastAddress !== '') tellPage();
  };

  if (!mayShare()) return undefined;
  guarded(() => {
    unwatch = watchPage({
      handleViewport: guarded(() => tell('foyer:viewport', readViewport())),
      handlePage: guarded(handlePage),
      handleLeaving: guarded(() => {
        batch.flush();
        options.leave();
      }),
      handleReset: guarded(() => setTimeout(restart)),
      handleTick: guarded(handleTick),
    });
    stopLibrary = record({
      emit: handleEvent,
      sampling: { mousemove: 50, scroll: 100, media: 800, input: 'all' },
      errorHandler(error) {
        // One that does not look at all would show the page as it was, for ever.
        if (hasBegun) hasStumbled = true;
        else handleFault(error);
        return true;
      },
      ...toOutsideSelector(stream, options.choice),
    });
    if (stopLibrary === undefined) throw new Error('The library did not start.');
    if (isOver) stopLibrary();
    hasBegun = !isOver;
  })();
  if (!hasBegun) return undefined;
  return {
    mirror,
    privacy,
    idOf(node) {
      const id = mirror.getId(node);
      return sent.has(id) ? id : -1;
    },
    hiddenElements: () => sent.hiddenRoots(),
    close,
  };
}

/** Spares the library what the filter would leave out anyway; a part within a frame or shadow tree is left to that. */
function toOutsideSelector({ scope: { onlyPart } }: StreamStart, choice: ChoiceMemory): { blockSelector?: string } {
  const part = onlyPart?.selector;
  if (!part || part.includes(' >>> ') || !CSS.supports('selector(:has(a))')) return {};
  // Another element by now: what is shared is the one that was picked.
  if (findPart(document, part) !== choice.findOnly(onlyPart)) return {};
  // Without its own `:is()` a path such as "main > h1" would have to lie within the element that has it, as a whole.
  return { blockSelector: `body *:not(${part}):not(:is(${part}) *):not(:has(:is(${part})))` };
}
