interface Box {
  top: number;
  left: number;
  width: number;
  height: number;
}

const GAP_PX = 6;
const EDGE_PX = 8;

/**
 * Where a popover goes: below its button or above it, wherever there is room, never over the edge of the screen.
 * @param end aligns right edges in place of left ones
 */
export function placePopover(
  anchor: Box,
  popover: { width: number; height: number },
  screen: { width: number; height: number },
  wish: { side: 'above' | 'below'; end: boolean },
): { top: number; left: number } {
  const roomAbove = anchor.top - GAP_PX - EDGE_PX;
  const roomBelow = screen.height - anchor.top - anchor.height - GAP_PX - EDGE_PX;
  const fitsWish = popover.height <= (wish.side === 'above' ? roomAbove : roomBelow);
  const isAbove = fitsWish ? wish.side === 'above' : roomAbove > roomBelow;
  const top = isAbove ? anchor.top - GAP_PX - popover.height : anchor.top + anchor.height + GAP_PX;
  const left = wish.end ? anchor.left + anchor.width - popover.width : anchor.left;
  return {
    top: Math.max(EDGE_PX, Math.min(top, screen.height - EDGE_PX - popover.height)),
    left: Math.max(EDGE_PX, Math.min(left, screen.width - EDGE_PX - popover.width)),
  };
}
