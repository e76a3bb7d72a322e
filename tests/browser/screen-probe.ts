import type { FrameLocator, Page } from 'playwright-core';
import { hearTrack, seeVideo, type Size } from './media-probe.ts';

interface Screens {
  foyerScreenTracks: MediaStreamTrack[];
}

/** Keeps count of every track that the page ever got of a screen; the browser may be made to say no once. */
export async function watchScreens(page: Page, options: { refusesOnce?: boolean } = {}): Promise<void> {
  await page.addInitScript(({ refusesOnce }) => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(window, { foyerScreenTracks: tracks });
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) return;
    const ask = devices.getDisplayMedia.bind(devices);
    let refusals = refusesOnce ? 1 : 0;
    devices.getDisplayMedia = async (constraints) => {
      if (refusals > 0) {
        refusals -= 1;
        throw new DOMException('Permission denied', 'NotAllowedError');
      }
      const stream = await ask(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  }, options);
}

/** How many tracks of a screen are running; 0 means that nothing is filmed. */
export function countScreenTracks(where: Page | FrameLocator, which: 'live' | 'all' = 'live'): Promise<number> {
  return where
    .locator('body')
    .evaluate(
      (_body, wanted) =>
        (window as Window & Partial<Screens>).foyerScreenTracks?.filter(
          ({ readyState }) => wanted === 'all' || readyState === 'live',
        ).length ?? 0,
      which,
    );
}

/** As the browser's own "Stop sharing": the tracks end, and the page hears of it. */
export async function stopInBrowser(where: Page | FrameLocator): Promise<void> {
  await where.locator('body').evaluate(() => {
    for (const track of (window as Window & Partial<Screens>).foyerScreenTracks ?? []) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
}

/** Waits until the other side's screen has moved on by so many frames; gives its size. */
export const seeScreen = (where: Page | FrameLocator, name: string, frames: number): Promise<Size> =>
  seeVideo(where, `Screen of ${name}`, frames);

/** How loud the shared screen is; see {@link hearTrack}. */
export const hearScreen = (where: Page | FrameLocator, name: string, minimum: number): Promise<number> =>
  hearTrack(where.locator(`video[aria-label="Screen of ${name}"]`).first(), minimum);
