import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import { percentile } from './figures.ts';
import type { Figure } from './figures.ts';
import { startProcess } from './processes.ts';

const CALLS = 10;

/**
 * From the agent's click on "Accept" to the first frame of the visitor's picture on the agent's screen, as a person
 * would count it. Beside it a bare pair of peer connections in one page, which nothing can beat.
 */
export async function measureCallSetup(): Promise<Figure[]> {
  const foyer = await startProcess<{ url: string; email: string; password: string }>('server-process.ts', ['1']);
  const browser = await launchChromium();
  try {
    const { url, email, password } = foyer.hello;
    const desk = await openDesk(browser, url, { email, password });
    const direct: number[] = [];
    const calls: number[] = [];
    for (let count = 0; count < CALLS; count += 1) {
      const shop = await openShop(browser, url);
      direct.push(await shop.page.evaluate(connectDirectly));
      await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
      await desk.page.getByRole('dialog', { name: 'Incoming chat request' }).waitFor();
      await desk.page.evaluate(watchFirstFrame);
      await acceptRequest(desk.page);
      const tookMs = await desk.page.evaluate(() => (window as Window & { firstFrame?: Promise<number> }).firstFrame);
      if (tookMs !== undefined) calls.push(tookMs);
      await desk.page.getByRole('button', { name: 'End communication' }).click();
      await shop.widget.getByText('This conversation has ended').first().waitFor();
      await shop.context.close();
    }
    const [cold = Number.NaN, ...warm] = calls;
    return [
      {
        name: '"Accept" to the first remote frame, median of 10',
        unit: 'ms',
        measured: percentile(calls, 0.5),
        baseline: percentile(direct, 0.5),
        goal: '≤ 500 ms',
      },
      {
        name: '"Accept" to the first remote frame, first call',
        unit: 'ms',
        measured: cold,
        baseline: direct[0] ?? Number.NaN,
        goal: '≤ 500 ms',
      },
      {
        name: '"Accept" to the first remote frame, slowest of the others',
        unit: 'ms',
        measured: Math.max(...warm),
        baseline: Math.max(...direct.slice(1)),
      },
    ];
  } finally {
    await browser.close();
    await foyer.stop();
  }
}

/** Runs in the agent's page: from the next click on "Accept" to the first frame that is shown. */
function watchFirstFrame(): void {
  const clicked = new Promise<number>((resolve) => {
    document.addEventListener(
      'click',
      (event) => {
        const button = event.target instanceof Element ? event.target.closest('button') : null;
        if (button?.textContent?.includes('Accept')) resolve(performance.now());
      },
      { capture: true },
    );
  });
  const shown = new Promise<number>((resolve) => {
    const watched = new WeakSet<Element>();
    const look = (): void => {
      for (const video of document.querySelectorAll('video[aria-label^="Video of "]')) {
        if (watched.has(video)) continue;
        watched.add(video);
        (video as HTMLVideoElement).requestVideoFrameCallback(() => resolve(performance.now()));
      }
    };
    new MutationObserver(look).observe(document, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['aria-label'],
    });
    look();
  });
  Object.assign(window, { firstFrame: Promise.all([clicked, shown]).then(([from, to]) => to - from) });
}

/** Runs in a page: camera and microphone, two peer connections beside each other, first frame. */
async function connectDirectly(): Promise<number> {
  const startedAt = performance.now();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
  const here = new RTCPeerConnection();
  const there = new RTCPeerConnection();
  here.onicecandidate = ({ candidate }) => void there.addIceCandidate(candidate ?? undefined);
  there.onicecandidate = ({ candidate }) => void here.addIceCandidate(candidate ?? undefined);
  const video = document.createElement('video');
  video.muted = true;
  const shown = new Promise<number>((resolve) => video.requestVideoFrameCallback(() => resolve(performance.now())));
  there.ontrack = ({ track, streams }) => {
    if (track.kind !== 'video') return;
    video.srcObject = streams[0] ?? null;
    void video.play();
  };
  for (const track of stream.getTracks()) here.addTrack(track, stream);
  await here.setLocalDescription(await here.createOffer());
  if (here.localDescription) await there.setRemoteDescription(here.localDescription);
  await there.setLocalDescription(await there.createAnswer());
  if (there.localDescription) await here.setRemoteDescription(there.localDescription);
  const tookMs = (await shown) - startedAt;
  for (const track of stream.getTracks()) track.stop();
  here.close();
  there.close();
  return tookMs;
}
