import { expect, test } from 'vitest';
import { createFakeDevices, toDevice } from './_support/fake-devices.ts';
import { FakeTrack } from './_support/fake-track.ts';
import type { TrackWish } from './acquire-tracks.ts';
import type { DeviceChoice } from './device-choice.ts';
import { createLocalTrack, type DeviceNotice } from './local-track.ts';
import { MediaFault, type MediaFaultCode } from './media-errors.ts';

function createMicrophone(choice: Partial<DeviceChoice> = {}) {
  const faults = new Map<string, MediaFaultCode>();
  const asked: (string | null)[] = [];
  const tracks: FakeTrack[] = [];
  const notices: DeviceNotice[] = [];
  const fake = createFakeDevices(choice);
  let standard = 'laptop';
  const acquire = async ({ source, deviceId }: TrackWish) => {
    asked.push(deviceId);
    const used = deviceId ?? standard;
    const fault = faults.get(used);
    if (fault !== undefined) throw new MediaFault(source, fault);
    const track = new FakeTrack('audio', { deviceId: used, groupId: used }, used);
    tracks.push(track);
    return track;
  };
  const local = createLocalTrack({
    source: 'microphone',
    acquire,
    devices: fake.devices,
    onNotice: (notice) => notices.push(notice),
  });
  return { ...fake, local, faults, asked, tracks, notices, setStandard: (device: string) => (standard = device) };
}

const inUse = ({ local }: ReturnType<typeof createMicrophone>) => {
  const state = local.state.value;
  return state.phase === 'on' ? state.label : state.phase;
};

test('[M5] turning it off gives the device back, so that its light goes out', async () => {
  const microphone = createMicrophone();
  await microphone.local.want(true);
  await microphone.local.want(false);
  expect(microphone.tracks.map((track) => track.readyState)).toEqual(['ended']);
  expect(microphone.local.state.value).toEqual({ phase: 'off' });
});

test('[M5] being muted keeps the device and sends silence, also after it was changed', async () => {
  const microphone = createMicrophone();
  await microphone.local.want(true);
  microphone.local.setEnabled(false);
  microphone.devices.choose('microphone', 'headset');
  await expect.poll(() => inUse(microphone)).toBe('headset');
  expect(microphone.tracks.map(({ enabled, readyState }) => [enabled, readyState])).toEqual([
    [false, 'ended'],
    [false, 'live'],
  ]);
});

test('[M4] a chosen device that is missing is replaced by the standard one, and that is said', async () => {
  const microphone = createMicrophone({ microphoneId: 'headset' });
  microphone.faults.set('headset', 'no-device');
  await microphone.local.want(true);
  expect(microphone.asked).toEqual(['headset', null]);
  expect(inUse(microphone)).toBe('laptop');
  expect(microphone.notices).toEqual([{ kind: 'device-replaced', source: 'microphone', label: 'laptop' }]);
});

test('[M4] a device that is unplugged in the call is replaced at once, and used again when it is back', async () => {
  const microphone = createMicrophone({ microphoneId: 'headset' });
  microphone.setMicrophones([toDevice('laptop'), toDevice('headset')]);
  await microphone.local.want(true);
  microphone.faults.set('headset', 'no-device');
  microphone.setMicrophones([toDevice('laptop')]);
  microphone.tracks[0]?.endByDevice();
  await expect.poll(() => inUse(microphone)).toBe('laptop');

  microphone.faults.clear();
  microphone.setMicrophones([toDevice('laptop'), toDevice('headset')]);
  await expect.poll(() => inUse(microphone)).toBe('headset');
  expect(microphone.notices.map(({ kind, label }) => [kind, label])).toEqual([
    ['device-replaced', 'laptop'],
    ['device-returned', 'Label of headset'],
  ]);
});

test('[M4] the standard device being unplugged is said by the name of the one that follows', async () => {
  const microphone = createMicrophone();
  await microphone.local.want(true);
  microphone.setStandard('webcam');
  microphone.tracks[0]?.endByDevice();
  await expect.poll(() => inUse(microphone)).toBe('webcam');
  expect(microphone.notices).toEqual([{ kind: 'device-replaced', source: 'microphone', label: 'webcam' }]);
});

test('[M14] a refusal is kept as a state and is not asked around', async () => {
  const microphone = createMicrophone({ microphoneId: 'headset' });
  microphone.faults.set('headset', 'refused-by-person');
  await microphone.local.want(true);
  expect(microphone.asked).toEqual(['headset']);
  expect(microphone.local.state.value).toMatchObject({ phase: 'failed', fault: { code: 'refused-by-person' } });

  microphone.faults.clear();
  await microphone.local.retry();
  expect(inUse(microphone)).toBe('headset');
});

test('[M4] a device that dies again and again is given up instead of blinking for ever', async () => {
  const microphone = createMicrophone();
  await microphone.local.want(true);
  for (let count = 1; count <= 4; count += 1) {
    await expect.poll(() => microphone.tracks.length).toBe(count);
    await expect.poll(() => inUse(microphone)).toBe('laptop');
    microphone.tracks.at(-1)?.endByDevice();
  }
  expect(microphone.local.state.value).toMatchObject({ phase: 'failed', fault: { code: 'interrupted' } });
});

test('[C6] a device that the browser grants after hanging up is given back at once', async () => {
  const track = new FakeTrack('audio');
  let grant: (granted: MediaStreamTrack) => void = () => {};
  const { devices } = createFakeDevices();
  const local = createLocalTrack({
    source: 'microphone',
    acquire: () => new Promise((resolve) => (grant = resolve)),
    devices,
    onNotice: () => {},
  });
  const settled = local.want(true);
  local.close();
  grant(track);
  await settled;
  expect(track.readyState).toBe('ended');
  expect(local.state.value).toEqual({ phase: 'off' });
});

test('[M4] a microphone that the system holds back is known to be interrupted', async () => {
  const microphone = createMicrophone();
  await microphone.local.want(true);
  microphone.tracks[0]?.muteBySystem();
  expect(microphone.local.isInterrupted.value).toBe(true);
});
