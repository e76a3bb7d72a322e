import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';

/** Waits until the other side's camera picture has moved on by `frames` frames; gives its size. */
export const seeRemote = (where: Page | FrameLocator, name: string, frames: number): Promise<Size> =>
  seeVideo(where, `Video of ${name}`, frames);

/** How loud the other side's voice is; see {@link hearTrack}. */
export async function hearRemote(where: Page | FrameLocator, minimum: number): Promise<number> {
  const element = where.locator('[data-foyer-remote="audio"]').first();
  await element.waitFor({ state: 'attached' });
  return hearTrack(element, minimum);
}

export interface Size {
  width: number;
  height: number;
}

/**
 * Waits until the picture of this accessible name has moved on by `frames` frames; gives its size in pixels. The element
 * may be replaced meanwhile, as after a restart of the media, so it is looked up anew each time.
 */
export async function seeVideo(where: Page | FrameLocator, label: string, frames: number): Promise<Size> {
  await where.locator(`video[aria-label="${label}"]`).first().waitFor();
  return where.locator('body').evaluate(
    async (body, wanted) => {
      let seen = 0;
      let lastTime = -1;
      for (;;) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const video = body.querySelector<HTMLVideoElement>(`video[aria-label="${wanted.label}"]`);
        if (!video || video.videoWidth === 0 || video.currentTime === lastTime) continue;
        lastTime = video.currentTime;
        seen += 1;
        if (seen >= wanted.frames) return { width: video.videoWidth, height: video.videoHeight };
      }
    },
    { label, frames },
  );
}

/**
 * How loud a received track is, measured with WebAudio: the largest root mean square over many windows, 0 to 1. Resolves
 * once it is above `minimum`, so that silence ends in the test's own time limit.
 */
export function hearTrack(element: Locator, minimum: number): Promise<number> {
  return element.evaluate(async (node, threshold) => {
    const media = node as HTMLMediaElement;
    while (!(media.srcObject instanceof MediaStream) || media.srcObject.getAudioTracks().length === 0) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const audio = new AudioContext();
    await audio.resume();
    const analyser = audio.createAnalyser();
    audio.createMediaStreamSource(new MediaStream(media.srcObject.getAudioTracks().slice(0, 1))).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    while (loudest < threshold) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      analyser.getFloatTimeDomainData(samples);
      const meanSquare = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      loudest = Math.max(loudest, Math.sqrt(meanSquare));
    }
    await audio.close();
    return loudest;
  }, minimum);
}

/** Keeps count of every track that the page ever got from its own devices, so that a test can see them end. */
export async function watchLocalTracks(where: Page | BrowserContext): Promise<void> {
  await where.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(window, { foyerLocalTracks: tracks });
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) return;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
}

/** How many of the page's own microphone and camera tracks are running; 0 means that the lights are out. */
export function countLiveTracks(where: Page | FrameLocator): Promise<number> {
  return where
    .locator('body')
    .evaluate(
      () =>
        (window as Window & { foyerLocalTracks?: MediaStreamTrack[] }).foyerLocalTracks?.filter(
          (track) => track.readyState === 'live',
        ).length ?? 0,
    );
}
