import { expect, test } from 'vitest';
import { createDevices } from './devices.ts';

function createStorage(kept: Record<string, string> = {}) {
  return {
    kept,
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => void (kept[key] = value),
  };
}

test('[M4] a choice is remembered for the next call', () => {
  const storage = createStorage();
  createDevices({ mediaDevices: undefined, storage }).choose('microphone', 'headset');
  const next = createDevices({ mediaDevices: undefined, storage });
  expect(next.choice.value).toEqual({ microphoneId: 'headset', cameraId: null, speakerId: null });
});

test('[M4] storage that is blocked costs the memory and nothing else', () => {
  const storage = {
    getItem: () => {
      throw new DOMException('blocked', 'SecurityError');
    },
    setItem: () => {
      throw new DOMException('blocked', 'SecurityError');
    },
  };
  const devices = createDevices({ mediaDevices: undefined, storage });
  devices.choose('camera', 'rear');
  expect(devices.choice.value.cameraId).toBe('rear');
});

test('[M14] a page without media devices has none to choose from and does not fail', async () => {
  const devices = createDevices({ mediaDevices: undefined, storage: undefined });
  await devices.refresh();
  expect(devices.lists.value).toEqual({ microphone: [], camera: [], speaker: [] });
});
