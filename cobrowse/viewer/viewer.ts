import type { PageScheme } from '../../protocol/sharing.ts';
import type { StreamEvent } from '../stream-events.ts';
import { createCopyLayer, type CopyLayer } from './copy/copy-layer.ts';
import type { PageCopy } from './copy/page-copy.ts';
import { createFrameDecoder } from './frame-decoder.ts';
import { createKeptPieces, type FramePiece } from './frame-piece.ts';
import { createResyncPace } from './resync-pace.ts';
import { createStage } from './stage.ts';
import { createTogether } from './together/together.ts';
import type { FromViewer, ToViewer } from './viewer-messages.ts';
import type { ViewerWords } from './viewer-words.ts';

export interface ViewerOptions {
  root: HTMLElement;
  post(message: FromViewer): void;
  /** The texts of a language. */
  wordsOf(language: 'en' | 'de'): ViewerWords;
}

/** Shows one shared page as its frames arrive, and lets the agent point and act on it. */
export interface Viewer {
  handle(message: ToViewer): void;
  close(): void;
}

const CONFIRM_EVERY_MS = 250;
/** A visitor's page says something every 5 s at the latest; a slow line may hold that back a little. */
const STALE_AFTER_MS = 8_000;
/** A window in the background paints nothing, and the picture must be current all the same. */
const PAINT_WAIT_MS = 60;

export function createViewer({ root, post, wordsOf }: ViewerOptions): Viewer {
  const stage = createStage(root);
  let kept = createKeptPieces();
  let words = wordsOf('en');
  let assetPath = '/cb-asset/';
  let shown: { tabId: string; epoch: number } | undefined;
  let scheme: PageScheme | undefined;
  let decoder = createFrameDecoder();
  /** On screen. */
  let layer: CopyLayer | undefined;
  /** Being built behind it. */
  let nextLayer: CopyLayer | undefined;
  let scopeNumber = -1;
  let isFollowing = true;
  let isNavigating = false;
  let isRecording = false;
  let isRewound = false;
  let heardAt = performance.now();
  let askedAt = heardAt;
  let lastSeq = -1;
  let confirmTimer: ReturnType<typeof setTimeout> | undefined;
  const pace = createResyncPace((because) => {
    if (shown === undefined || isRecording) return;
    post({ type: 'resync', ...shown, because });
    say();
  });
  const together = createTogether({
    stage,
    post: (message) => {
      if (shown !== undefined) post({ ...message, ...shown });
    },
    findCopy: () => layer?.copy,
    isFollowing: () => isFollowing,
    words: () => words,
  });
  const staleTimer = setInterval(showStale, 1_000);

  function showTab(tabId: string, epoch: number, nextScheme: PageScheme | undefined): void {
    const isOther = shown?.tabId !== tabId;
    scheme = nextScheme;
    if (!isOther && shown !== undefined && epoch <= shown.epoch) return;
    beginEpoch(tabId, epoch);
    if (isOther) for (const piece of kept.piecesOf(tabId)) takePiece(piece);
  }

  function beginEpoch(tabId: string, epoch: number): void {
    shown = { tabId, epoch };
    decoder = createFrameDecoder();
    dropNext();
    pace.reset();
    lastSeq = -1;
    isNavigating = layer !== undefined;
    heardAt = askedAt = performance.now();
    say();
  }

  function takePiece(piece: FramePiece): void {
    if (shown === undefined || piece.tabId !== shown.tabId || piece.epoch < shown.epoch) return;
    if (piece.epoch > shown.epoch) beginEpoch(piece.tabId, piece.epoch);
    heardAt = performance.now();
    const decoded = decoder.take(piece);
    switch (decoded.kind) {
      case 'frame':
        return showFrame(decoded.seq, decoded.isKey, decoded.events);
      case 'dropped':
        if (decoder.isAwaitingKey) pace.want('gap');
        return;
      case 'gap':
      case 'failed':
        return pace.want(decoded.kind);
      case 'more':
        return;
    }
  }

  function showFrame(seq: number, isKey: boolean, events: readonly StreamEvent[]): void {
    if (isKey) {
      dropNext();
      nextLayer = openLayer();
    }
    const target = nextLayer ?? layer;
    if (target === undefined) return decoder.awaitKey();
    try {
      target.apply(events);
      if (!target.copy.isBuilt) throw new Error('A key frame without a page.');
    } catch {
      // What was sent does not fit what is here, or cannot be built at all. The picture stays until a new one stands.
      if (target === nextLayer) dropNext();
      decoder.awaitKey();
      return pace.want('failed');
    }
    lastSeq = seq;
    confirmTimer ??= setTimeout(confirm, CONFIRM_EVERY_MS);
    if (isKey) {
      pace.handleKey();
      soon(() => swap(target));
    }
  }

  function openLayer(): CopyLayer {
    const { tabId, epoch } = shown ?? { tabId: '', epoch: 0 };
    return createCopyLayer(stage.copies, stage.size, { assetPath, tabId, epoch, scheme }, words, {
      onSize: stage.resize,
      onViewport: showViewport,
      onPointer: together.visitorPointer.move,
      onPress: together.visitorPointer.press,
      onCompared: pace.handleCompared,
      onNotShown: (reasons) => post({ type: 'not-shown', reasons }),
      onChanged: together.handleMoved,
    });
  }

  /** The new picture takes the place of the old one within one frame of the screen. */
  function swap(built: CopyLayer): void {
    if (built !== nextLayer || shown === undefined) return;
    const before = layer;
    layer = built;
    nextLayer = undefined;
    built.show();
    if (!isFollowing && before !== undefined) keepPlace(before.copy, built.copy);
    built.copy.scroll.follow(isFollowing);
    built.copy.scroll.settle();
    before?.discard();
    isNavigating = false;
    say();
    together.handleMoved();
    post({ type: 'shown', ...shown, tookMs: Math.round(performance.now() - askedAt) });
  }

  /** An agent who looks around on their own goes on where they were. */
  function keepPlace(before: PageCopy, built: PageCopy): void {
    const from = before.replayer.document.scrollingElement;
    const to = built.replayer.document.scrollingElement;
    to?.scrollTo({ left: from?.scrollLeft ?? 0, top: from?.scrollTop ?? 0, behavior: 'instant' });
  }

  function showViewport(viewport: { width: number; height: number; isTouch: boolean }): void {
    const { width, height, isTouch } = viewport;
    stage.setTouch(isTouch === true);
    together.visitorPointer.setTouch(isTouch === true);
    post({ type: 'viewport', width, height, isTouch: isTouch === true });
  }

  function dropNext(): void {
    nextLayer?.discard();
    nextLayer = undefined;
  }

  function clear(scope: number): void {
    scopeNumber = Math.max(scopeNumber, scope);
    kept.clearBelow(scopeNumber);
    dropNext();
    layer?.discard();
    layer = undefined;
    decoder.awaitKey();
    pace.reset();
    isNavigating = false;
    together.clear();
    say();
  }

  function rewind(): void {
    kept = createKeptPieces();
    shown = undefined;
    isRewound = true;
    together.clear();
    dropNext();
    pace.reset();
    isNavigating = false;
    say();
  }

  function confirm(): void {
    confirmTimer = undefined;
    if (shown !== undefined && lastSeq >= 0) post({ type: 'confirm', ...shown, seq: lastSeq });
  }

  function say(): void {
    if (pace.isHopeless) stage.setNote('failed', words.failed);
    // The workspace says what there is to see of a recording.
    else if (isRecording) stage.setNote(layer === undefined ? 'blank' : null, '');
    else if (isNavigating) stage.setNote('navigating', words.navigating);
    else if (layer === undefined) stage.setNote(shown === undefined ? 'blank' : 'waiting', words.waiting);
    else stage.setNote(null, '');
  }

  function showStale(): void {
    const behindMs = performance.now() - heardAt;
    const isStale = layer !== undefined && !isNavigating && !isRecording && behindMs > STALE_AFTER_MS;
    stage.setStale(isStale ? words.behind(Math.round(behindMs / 1_000)) : null);
  }

  function look(message: Extract<ToViewer, { type: 'look' }>): void {
    words = wordsOf(message.language === 'de' ? 'de' : 'en');
    document.documentElement.lang = message.language;
    document.documentElement.dataset['theme'] = message.scheme === 'dark' ? 'dark' : 'light';
    // A path of ours on this host, and nothing that could lead elsewhere.
    if (/^(?:https?:\/\/[^/?#]+)?\/[\w./-]*\/$/.test(message.assetPath)) assetPath = message.assetPath;
    isRecording = message.isRecording === true;
    together.setVisitorName(message.visitorName ?? '');
    stage.overlay.setAttribute('aria-label', words.sharedPage);
    say();
  }

  return {
    handle(message) {
      switch (message.type) {
        case 'look':
          return look(message);
        case 'show-tab':
          return showTab(message.tabId, message.epoch, message.scheme);
        case 'frame': {
          // Another place of a recording may be of an older scope.
          if (isRewound) scopeNumber = message.scopeNumber;
          isRewound = false;
          if (message.scopeNumber < scopeNumber) return;
          // Whatever was on screen belongs to what was shared before.
          if (message.scopeNumber > scopeNumber) clear(message.scopeNumber);
          const piece: FramePiece = { ...message, data: new Uint8Array(message.data) };
          kept.add(piece);
          return takePiece(piece);
        }
        case 'clear':
          return clear(message.scopeNumber);
        case 'rewind':
          return rewind();
        case 'navigating':
          isNavigating = layer !== undefined;
          return say();
        case 'marks':
          return together.showMarks(message.name, message.marks);
        case 'fit':
          return stage.setFit(message.fit);
        case 'follow':
          isFollowing = message.isOn;
          layer?.copy.scroll.follow(isFollowing);
          return together.handleMoved();
        case 'tool':
          return together.setTool(message.tool);
        case 'grants':
          return together.setGrants(message.grants);
        case 'watermark':
          return stage.setWatermark(message.text);
      }
    },
    close() {
      clearInterval(staleTimer);
      clearTimeout(confirmTimer);
      pace.close();
      together.close();
      dropNext();
      layer?.discard();
      stage.close();
    },
  };
}

function soon(run: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    run();
  };
  requestAnimationFrame(once);
  setTimeout(once, PAINT_WAIT_MS);
}
