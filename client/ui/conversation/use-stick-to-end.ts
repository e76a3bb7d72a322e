import { useSignal } from '@preact/signals';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { ReadonlySignal } from '@preact/signals';

/** A reader this close to the end is at the end: a line's height and the odd pixel of zoomed screens. */
const END_TOLERANCE_PX = 48;

export interface StickToEnd {
  scrollerRef: RefObject<HTMLDivElement>;
  contentRef: RefObject<HTMLDivElement>;
  /** The reader has scrolled up, and something new stands below. */
  hasNew: ReadonlySignal<boolean>;
  handleScroll(): void;
  goToEnd(): void;
}

/**
 * Keeps a growing log at its end, unless the reader has scrolled up to read.
 * @param lastKey changes with the last line
 * @param isLastOwn own lines bring the reader down, wherever they are
 * @param onEndSeen the end is on a visible screen: everything above has been read
 */
export function useStickToEnd(lastKey: string | undefined, isLastOwn: boolean, onEndSeen: () => void): StickToEnd {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lastTop = useRef(0);
  const isOnScreen = useRef(false);
  const hasNew = useSignal(false);
  const endSeen = useRef(onEndSeen);
  endSeen.current = onEndSeen;

  const noteEnd = useCallback(() => {
    const isVisible = scrollerRef.current?.ownerDocument.visibilityState === 'visible';
    if (isAtEnd.current && isOnScreen.current && isVisible) endSeen.current();
  }, []);

  const goToEnd = useCallback(() => {
    const scroller = scrollerRef.current;
    isAtEnd.current = true;
    hasNew.value = false;
    scroller?.scrollTo({ top: scroller.scrollHeight });
    noteEnd();
  }, []);

  const handleScroll = useCallback(() => {
    const scroller = scrollerRef.current;
    if (scroller === null) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const isNear = scrollHeight - scrollTop - clientHeight <= END_TOLERANCE_PX;
    // Only a reader goes up; where the end has moved away by itself, it is about to be followed.
    isAtEnd.current = isNear || (isAtEnd.current && scrollTop >= lastTop.current);
    lastTop.current = scrollTop;
    if (isAtEnd.current) hasNew.value = false;
    noteEnd();
  }, []);

  useLayoutEffect(() => {
    if (lastKey === undefined) return;
    if (isAtEnd.current || isLastOwn) goToEnd();
    else hasNew.value = true;
  }, [lastKey]);

  useEffect(() => {
    const scroller = scrollerRef.current;
    const content = contentRef.current;
    if (scroller === null || content === null) return undefined;
    // The window that shows the log may be another one than this code runs in.
    const home = scroller.ownerDocument;
    const view = home.defaultView ?? window;
    // The keyboard of a phone, a call panel above, an image that has loaded: the end stays the end.
    const resizes = new view.ResizeObserver(() => {
      if (isAtEnd.current) scroller.scrollTo({ top: scroller.scrollHeight });
    });
    resizes.observe(scroller);
    resizes.observe(content);
    // Knows as well when the frame around this page is folded away.
    const sightings = new view.IntersectionObserver((entries: IntersectionObserverEntry[]) => {
      isOnScreen.current = entries.at(-1)?.isIntersecting ?? false;
      noteEnd();
    });
    sightings.observe(scroller);
    home.addEventListener('visibilitychange', noteEnd);
    return () => {
      resizes.disconnect();
      sightings.disconnect();
      home.removeEventListener('visibilitychange', noteEnd);
    };
  }, []);

  return { scrollerRef, contentRef, hasNew, handleScroll, goToEnd };
}
