import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { joinClasses } from './join-classes.ts';
import { placePopover } from './place-popover.ts';
import styles from './popover.module.css';

/** What the button that opens a popover needs to carry. */
export interface PopoverTrigger {
  buttonRef: RefObject<HTMLButtonElement>;
  'aria-expanded': boolean;
  'aria-controls': string;
  onClick(event: MouseEvent): void;
}

export interface PopoverProps {
  trigger(trigger: PopoverTrigger): ComponentChildren;
  /** Drawn only while open. `close` gives the focus back to the button. */
  children(close: () => void): ComponentChildren;
  role?: 'dialog' | 'menu';
  label: string;
  side?: 'above' | 'below';
  /** Right edges together in place of left ones. */
  isEndAligned?: boolean;
  class?: string;
}

/** A small surface over the page by the browser's own popover: Escape and a click elsewhere close it. */
export function Popover(props: PopoverProps) {
  const { trigger, children, role = 'dialog', label, side = 'below', isEndAligned = false } = props;
  const id = useId();
  const buttonRef = useRef<HTMLButtonElement>(null);
  const popoverRef = useRef<HTMLDivElement>(null);
  /** Counts the openings: one that follows at once upon a closing is an opening all the same. 0 is closed. */
  const [opening, setOpening] = useState(0);
  const isOpen = opening > 0;
  // A press on the button closes the popover before the click arrives; that click must not open it again.
  const wasOpenAtPress = useRef(false);

  useEffect(() => {
    const button = buttonRef.current;
    const notePress = () => {
      wasOpenAtPress.current = popoverRef.current?.matches(':popover-open') ?? false;
    };
    button?.addEventListener('pointerdown', notePress);
    return () => button?.removeEventListener('pointerdown', notePress);
  }, []);

  useEffect(() => {
    const popover = popoverRef.current;
    const button = buttonRef.current;
    if (!isOpen || popover === null || button === null) return;
    if (!popover.matches(':popover-open')) popover.showPopover();
    const home = popover.ownerDocument;
    const view = home.defaultView;
    const place = () => {
      const { scrollTop } = popover;
      // As high as it likes to be.
      popover.style.cssText = '';
      const at = placePopover(
        button.getBoundingClientRect(),
        { width: popover.offsetWidth, height: popover.offsetHeight },
        { width: home.documentElement.clientWidth, height: view?.innerHeight ?? 0 },
        { side, end: isEndAligned },
      );
      popover.style.cssText = `top:${at.top}px;left:${at.left}px;max-height:${at.maxHeight}px`;
      popover.scrollTop = scrollTop;
    };
    place();
    popover.querySelector<HTMLElement>('[data-focus-first], button, [href], input, select, textarea')?.focus();
    view?.addEventListener('resize', place);
    return () => view?.removeEventListener('resize', place);
  }, [opening]);

  const close = () => {
    popoverRef.current?.hidePopover();
    buttonRef.current?.focus();
  };

  return (
    <>
      {trigger({
        buttonRef,
        'aria-expanded': isOpen,
        'aria-controls': id,
        onClick: ({ detail }) => {
          // A key makes a click without a press.
          const isClosing = popoverRef.current?.matches(':popover-open') || (detail > 0 && wasOpenAtPress.current);
          if (isClosing) popoverRef.current?.hidePopover();
          else setOpening(opening + 1);
        },
      })}
      <div
        id={id}
        ref={popoverRef}
        popover="auto"
        role={role}
        aria-label={label}
        class={joinClasses(styles.popover, props.class)}
        // Not on "beforetoggle": what is taken away while it has the keyboard gives it back to nobody.
        onToggle={({ newState }) => {
          if (newState === 'closed') setOpening(0);
        }}
      >
        {isOpen ? children(close) : null}
      </div>
    </>
  );
}
