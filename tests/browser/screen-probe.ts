import type { BrowserContext, FrameLocator, Page } from 'playwright-core';
import { hearTrack, seeVideo, type Size } from './media-probe.ts';

interface Screens {
  foyerScreenTracks: MediaStreamTrack[];
}

/** Keeps count of every track that the page ever got of a screen; the browser may be made to say no once. */
export async function watchScreens(
  where: Page | BrowserContext,
  options: { refusesOnce?: boolean } = {},
): Promise<void> {
  await where.addInitScript(({ refusesOnce }) => {
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

interface Connections {
  foyerConnections: RTCPeerConnection[];
}

/** Keeps the connections that the page makes, to ask what goes over them. */
export async function watchPackets(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const made: RTCPeerConnection[] = [];
    Object.assign(window, { foyerConnections: made });
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = new Proxy(Original, {
      construct(target, inputs: [RTCConfiguration?]) {
        const connection = new target(...inputs);
        made.push(connection);
        return connection;
      },
    });
  });
}

/** Packets of pictures and sound that have come to this page or left it, all in all. */
export function countPackets(where: Page | FrameLocator): Promise<number> {
  return where.locator('body').evaluate(async () => {
    let count = 0;
    for (const connection of (window as Window & Partial<Connections>).foyerConnections ?? []) {
      for (const report of (await connection.getStats()).values()) {
        const { type, packetsReceived, packetsSent } = report as Record<string, unknown>;
        if (type === 'inbound-rtp') count += Number(packetsReceived);
        if (type === 'outbound-rtp') count += Number(packetsSent);
      }
    }
    return count;
  });
}
