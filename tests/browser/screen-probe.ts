import type { FrameLocator, Page } from 'playwright-core';

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
export async function seeScreen(
  where: Page | FrameLocator,
  name: string,
  frames: number,
): Promise<{ width: number; height: number }> {
  await where.locator(`video[aria-label="Screen of ${name}"]`).first().waitFor();
  return where.locator('body').evaluate(
    async (body, wanted) => {
      let seen = 0;
      let lastTime = -1;
      for (;;) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const video = body.querySelector<HTMLVideoElement>(`video[aria-label="Screen of ${wanted.name}"]`);
        if (!video || video.videoWidth === 0 || video.currentTime === lastTime) continue;
        lastTime = video.currentTime;
        seen += 1;
        if (seen >= wanted.frames) return { width: video.videoWidth, height: video.videoHeight };
      }
    },
    { name, frames },
  );
}

/** How loud the shared screen is, as root mean square, once it is above `minimum`. */
export async function hearScreen(where: Page | FrameLocator, name: string, minimum: number): Promise<number> {
  const video = where.locator(`video[aria-label="Screen of ${name}"]`).first();
  return video.evaluate(async (node, threshold) => {
    const media = node as HTMLVideoElement;
    while (!(media.srcObject instanceof MediaStream) || media.srcObject.getAudioTracks().length === 0) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const audio = new AudioContext();
    await audio.resume();
    const analyser = audio.createAnalyser();
    audio.createMediaStreamSource(new MediaStream(media.srcObject.getAudioTracks())).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    while (loudest < threshold) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length));
    }
    await audio.close();
    return loudest;
  }, minimum);
}
