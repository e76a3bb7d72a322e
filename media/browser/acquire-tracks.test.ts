import { expect, test } from 'vitest';
import { FakeStream, FakeTrack } from './_support/fake-track.ts';
import { createTrackAcquirer, type CaptureHost } from './acquire-tracks.ts';

type Answer = 'ok' | DOMException;

/** A browser whose answers are laid down by what it is asked for. */
function createBrowser(answers: Partial<Record<'audio' | 'video' | 'audio+video', Answer>>, permissions = {}) {
  const asked: string[] = [];
  const states: Partial<Record<'microphone' | 'camera', PermissionState>> = permissions;
  const host: CaptureHost = {
    getUserMedia(constraints) {
      const wanted = [constraints.audio && 'audio', constraints.video && 'video'].filter(Boolean).join('+');
      asked.push(wanted);
      const answer = answers[wanted as 'audio'] ?? 'ok';
      if (answer !== 'ok') return Promise.reject(answer);
      const kinds = wanted.split('+') as ('audio' | 'video')[];
      return Promise.resolve(new FakeStream(kinds.map((kind) => new FakeTrack(kind))));
    },
    findPermission: (source) => Promise.resolve(states[source] ?? 'unknown'),
    readPageFacts: () => ({ isSecure: true, hasMediaDevices: true, isAllowedByPolicy: true }),
  };
  const acquire = createTrackAcquirer(host);
  const askForBoth = () =>
    Promise.allSettled([
      acquire({ source: 'microphone', deviceId: null }),
      acquire({ source: 'camera', deviceId: null }),
    ]);
  return { acquire, askForBoth, asked, states };
}

const NOT_FOUND = new DOMException('Requested device not found', 'NotFoundError');
const DENIED = new DOMException('Permission denied', 'NotAllowedError');

test('[M2] a video call asks the person once for both devices', async () => {
  const browser = createBrowser({});
  const [microphone, camera] = await browser.askForBoth();
  expect(browser.asked).toEqual(['audio+video']);
  expect(microphone).toMatchObject({ status: 'fulfilled', value: { kind: 'audio' } });
  expect(camera).toMatchObject({ status: 'fulfilled', value: { kind: 'video' } });
});

test('[M14] a missing camera does not cost the voice', async () => {
  const browser = createBrowser({ 'audio+video': NOT_FOUND, video: NOT_FOUND });
  const [microphone, camera] = await browser.askForBoth();
  expect(microphone).toMatchObject({ status: 'fulfilled', value: { kind: 'audio' } });
  expect(camera).toMatchObject({ status: 'rejected', reason: { code: 'no-device', source: 'camera' } });
});

test('[M14] a person who just said no is not asked a second time', async () => {
  const browser = createBrowser({ 'audio+video': DENIED });
  const [microphone, camera] = await browser.askForBoth();
  expect(browser.asked).toEqual(['audio+video']);
  expect(microphone).toMatchObject({ status: 'rejected', reason: { code: 'refused-by-person' } });
  expect(camera).toMatchObject({ status: 'rejected', reason: { code: 'refused-by-person' } });
});

test('[M14] a camera that is blocked for the page leaves the microphone alone', async () => {
  const browser = createBrowser({ video: DENIED }, { camera: 'denied' });
  const [microphone, camera] = await browser.askForBoth();
  expect(browser.asked).toEqual(['audio', 'video']);
  expect(microphone).toMatchObject({ status: 'fulfilled' });
  expect(camera).toMatchObject({ status: 'rejected', reason: { code: 'refused-by-person' } });
});

test('[M14] a microphone that was allowed earlier starts although the camera was refused just now', async () => {
  const browser = createBrowser({ 'audio+video': DENIED }, { microphone: 'granted' });
  const [microphone, camera] = await browser.askForBoth();
  expect(microphone).toMatchObject({ status: 'fulfilled' });
  expect(camera).toMatchObject({ status: 'rejected' });
});

test('[M5] wishes of different moments are asked for separately', async () => {
  const browser = createBrowser({});
  await browser.acquire({ source: 'microphone', deviceId: null });
  await browser.acquire({ source: 'camera', deviceId: null });
  expect(browser.asked).toEqual(['audio', 'video']);
});
