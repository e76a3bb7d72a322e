interface Box {
  top: number;
  left: number;
  width: number;
  height: number;
}

const GAP_PX = 6;
const EDGE_PX = 8;
/** With less room than that it covers what is around its button: there would be hardly anything to see of it. */
const LEAST_ROOM_PX = 200;

/**
 * Where a popover goes: below its button or above it, wherever there is room, never over the edge of the screen. One
 * that is too high for it scrolls, and leaves to see what stands around its button.
 * @param end aligns right edges in place of left ones
 */
export function placePopover(
  anchor: Box,
  popover: { width: number; height: number },
  screen: { width: number; height: number },
  wish: { side: 'above' | 'below'; end: boolean },
): { top: number; left: number; maxHeight: number } {
  const roomAbove = anchor.top - GAP_PX - EDGE_PX;
  const roomBelow = screen.height - anchor.top - anchor.height - GAP_PX - EDGE_PX;
  const fitsWish = popover.height <= (wish.side === 'above' ? roomAbove : roomBelow);
  const isAbove = fitsWish ? wish.side === 'above' : roomAbove > roomBelow;
  const room = isAbove ? roomAbove : roomBelow;
  const maxHeight = room < LEAST_ROOM_PX ? screen.height - 2 * EDGE_PX : room;
  const height = Math.min(popover.height, maxHeight);
  const top = isAbove ? anchor.top - GAP_PX - height : anchor.top + anchor.height + GAP_PX;
  const left = wish.end ? anchor.left + anchor.width - popover.width : anchor.left;
  return {
    top: Math.max(EDGE_PX, Math.min(top, screen.height - EDGE_PX - height)),
    left: Math.max(EDGE_PX, Math.min(left, screen.width - EDGE_PX - popover.width)),
    maxHeight,
  };
}
