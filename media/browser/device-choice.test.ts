import { describe, expect, test } from 'vitest';
import { toDevice } from './_support/fake-devices.ts';
import { decideDeviceMove, NO_CHOICE, toDeviceChoice } from './device-choice.ts';

describe('a remembered choice', () => {
  test('[M4] is read back as it was kept', () => {
    const choice = { microphoneId: 'mic', cameraId: null, speakerId: 'out' };
    expect(toDeviceChoice(JSON.stringify(choice))).toEqual(choice);
  });

  test.each([null, '', '{', '"text"', 'null', '[1]', 'x'.repeat(5_000)])('[M4] %s is no choice', (stored) => {
    expect(toDeviceChoice(stored)).toEqual(NO_CHOICE);
  });

  test('[M4] drops whatever is not an id', () => {
    const stored = JSON.stringify({ microphoneId: 5, cameraId: '', speakerId: 'y'.repeat(600), extra: true });
    expect(toDeviceChoice(stored)).toEqual(NO_CHOICE);
  });
});

describe('when the list of devices changes', () => {
  const inUse = { deviceId: 'laptop', groupId: 'laptop' };

  test('[M4] the chosen device is used again once it is back', () => {
    const move = decideDeviceMove('headset', inUse, [toDevice('laptop')], [toDevice('laptop'), toDevice('headset')]);
    expect(move).toEqual({ kind: 'return', deviceId: 'headset' });
  });

  test('[M4] a chosen device that is listed all along but refused to start is not tried for ever', () => {
    const listed = [toDevice('laptop'), toDevice('headset')];
    expect(decideDeviceMove('headset', inUse, listed, [...listed])).toEqual({ kind: 'stay' });
  });

  test('[M4] the device in use stays when others come and go', () => {
    expect(decideDeviceMove('laptop', inUse, [], [toDevice('laptop'), toDevice('headset')])).toEqual({ kind: 'stay' });
  });

  test('[M4] without a choice the call follows the system to the headset that was plugged in', () => {
    const before = [toDevice('default', 'laptop'), toDevice('laptop')];
    const now = [toDevice('default', 'headset'), toDevice('laptop'), toDevice('headset')];
    const byDefault = { deviceId: 'default', groupId: 'laptop' };
    expect(decideDeviceMove(null, byDefault, before, now)).toEqual({ kind: 'follow-default' });
    expect(decideDeviceMove(null, { deviceId: 'default', groupId: 'headset' }, now, [...now])).toEqual({
      kind: 'stay',
    });
  });
});
