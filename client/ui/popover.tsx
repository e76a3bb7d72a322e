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
  onClick(): void;
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
  const [isOpen, setIsOpen] = useState(false);
  // A press on the button closes the popover before the click arrives; that click must not open it again.
  const closedAtMs = useRef(0);

  useEffect(() => {
    const popover = popoverRef.current;
    const button = buttonRef.current;
    if (!isOpen || popover === null || button === null) return;
    popover.showPopover();
    const place = () => {
      const at = placePopover(
        button.getBoundingClientRect(),
        { width: popover.offsetWidth, height: popover.offsetHeight },
        { width: document.documentElement.clientWidth, height: window.innerHeight },
        { side, end: isEndAligned },
      );
      popover.style.top = `${at.top}px`;
      popover.style.left = `${at.left}px`;
    };
    place();
    popover.querySelector<HTMLElement>('[data-focus-first], button, [href], input, select, textarea')?.focus();
    window.addEventListener('resize', place);
    return () => window.removeEventListener('resize', place);
  }, [isOpen]);

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
        onClick: () => {
          if (performance.now() - closedAtMs.current > 250) setIsOpen(!isOpen);
        },
      })}
      <div
        id={id}
        ref={popoverRef}
        popover="auto"
        role={role}
        aria-label={label}
        class={joinClasses(styles.popover, props.class)}
        onToggle={(event) => {
          if (event.newState !== 'closed') return;
          closedAtMs.current = performance.now();
          setIsOpen(false);
        }}
      >
        {isOpen ? children(close) : null}
      </div>
    </>
  );
}
