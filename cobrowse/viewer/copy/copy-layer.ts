import type { OwnEvents, StreamEvent } from '../../stream-events.ts';
import type { AssetPlace } from '../cleaning/asset-addresses.ts';
import type { CopyWords } from './own-styles.ts';
import { createPageCopy, type PageCopy, type PageNews } from './page-copy.ts';

type Viewport = OwnEvents['foyer:viewport'];

/** What a copy on screen tells; one that is still being built behind it keeps it for later. */
export type LayerNews = Omit<PageNews, 'onSize' | 'onViewport'> & {
  onSize(width: number, height: number): void;
  onViewport(viewport: Viewport): void;
};

/** A copy on its own layer: built out of sight, and shown at once when it stands. */
export interface CopyLayer {
  readonly copy: PageCopy;
  apply(events: readonly StreamEvent[]): void;
  show(): void;
  discard(): void;
}

export function createCopyLayer(
  parent: HTMLElement,
  startSize: { width: number; height: number },
  place: AssetPlace,
  words: CopyWords,
  news: LayerNews,
): CopyLayer {
  const element = document.createElement('div');
  element.className = 'viewer-copy';
  // Laid out, not displayed: a place within an element can be scrolled to only where there is a layout.
  element.style.visibility = 'hidden';
  parent.append(element);
  let isShown = false;
  let size = startSize;
  let viewport: Viewport | undefined;
  const whenShown =
    <Arguments extends unknown[]>(tell: (...about: Arguments) => void) =>
    (...about: Arguments): void => {
      if (isShown) tell(...about);
    };

  const copy = createPageCopy(element, place, words, {
    onSize(width, height) {
      size = { width, height };
      fitFrame();
      if (isShown) news.onSize(width, height);
    },
    onViewport(latest) {
      viewport = latest;
      if (isShown) news.onViewport(latest);
    },
    onPointer: whenShown(news.onPointer),
    onPress: whenShown(news.onPress),
    onCompared: whenShown(news.onCompared),
    onNotShown: news.onNotShown,
    onChanged: whenShown(news.onChanged),
  });

  /** The visitor's window has its size, whatever the frame's own attributes say: media queries ask for it. */
  function fitFrame(): void {
    const { style } = copy.replayer.frame;
    style.width = `${size.width}px`;
    style.height = `${size.height}px`;
  }
  fitFrame();

  return {
    copy,
    apply: copy.apply,
    show() {
      isShown = true;
      news.onSize(size.width, size.height);
      if (viewport !== undefined) news.onViewport(viewport);
      element.style.visibility = '';
    },
    discard() {
      isShown = false;
      copy.destroy();
      element.remove();
    },
  };
}
