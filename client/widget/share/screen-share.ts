/** What of a screen is asked for: the first time, or something else in its place. */
export type ScreenChoice = 'first' | 'another';
export type ScreenSurface = 'monitor' | 'window' | 'browser' | 'unknown';

/**
 * The picture of the visitor's screen: chosen in the browser's own dialog, and on its way to the other side until
 * `stop`. Made by the part that has the media; without it no screen is offered.
 */
export interface ScreenShare {
  /** False where the browser has no way to do it, as on phones. */
  readonly isPossible: boolean;
  /** Opens the browser's dialog; has to be called within a click. Rejects when the visitor chooses nothing. */
  start(choice: ScreenChoice): Promise<MediaStream>;
  /** Ends every track at once. Harmless when repeated. */
  stop(): void;
}

/** What the visitor has chosen in the browser's dialog. */
export function findSurface(stream: MediaStream): ScreenSurface {
  const told = stream.getVideoTracks()[0]?.getSettings().displaySurface;
  return (['monitor', 'window', 'browser'] as const).find((known) => known === told) ?? 'unknown';
}

/** Calls back once when the browser's own "Stop sharing" has ended the picture. */
export function watchStopped(stream: MediaStream, onStopped: () => void): () => void {
  const track = stream.getVideoTracks()[0];
  track?.addEventListener('ended', onStopped, { once: true });
  return () => track?.removeEventListener('ended', onStopped);
}
