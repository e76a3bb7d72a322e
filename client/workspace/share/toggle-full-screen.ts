/** A browser that does not allow it leaves everything as it is. */
export function toggleFullScreen(stage: HTMLElement | null): void {
  const done = document.fullscreenElement ? document.exitFullscreen() : stage?.requestFullscreen?.();
  done?.catch(() => undefined);
}
