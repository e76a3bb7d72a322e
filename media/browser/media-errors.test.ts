import { describe, expect, test } from 'vitest';
import { toBrowserKind } from './browser-name.ts';
import { MediaFault, toMediaFault, type MediaFaultCode, type PageFacts } from './media-errors.ts';

const PAGE: PageFacts = { isSecure: true, hasMediaDevices: true, isAllowedByPolicy: true };

describe('[M14] what the browser says becomes one named fault', () => {
  test.each<[string, string, MediaFaultCode]>([
    ['NotAllowedError', 'Permission denied', 'refused-by-person'],
    ['NotAllowedError', 'Permission dismissed', 'prompt-closed'],
    ['NotAllowedError', 'Permission denied by system', 'refused-by-system'],
    ['NotFoundError', 'Requested device not found', 'no-device'],
    ['NotReadableError', 'Could not start video source', 'device-busy'],
    ['OverconstrainedError', '', 'device-unsuitable'],
    ['AbortError', 'Starting video failed', 'interrupted'],
    ['SecurityError', '', 'refused-by-page'],
    ['TypeError', '', 'unsupported'],
  ])('[M14] %s "%s" is %s', (name, message, code) => {
    expect(toMediaFault('camera', { name, message }, PAGE)).toMatchObject({ source: 'camera', code });
  });

  test('[M14] a page that forbids the device is told apart from a person who said no', () => {
    const refused = new DOMException('Permission denied', 'NotAllowedError');
    expect(toMediaFault('microphone', refused, { ...PAGE, isAllowedByPolicy: false }).code).toBe('refused-by-page');
  });

  test('[M14] on an unencrypted page that is the fault, whatever the error looks like', () => {
    const page = { ...PAGE, isSecure: false, hasMediaDevices: false };
    expect(toMediaFault('microphone', new TypeError('undefined'), page).code).toBe('insecure-page');
  });

  test('[M14] a fault that has its name already keeps it', () => {
    const fault = new MediaFault('camera', 'device-busy');
    expect(toMediaFault('camera', fault, PAGE)).toBe(fault);
  });
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36', 'chrome'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36 Edg/150.0', 'edge'],
  ['Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0', 'firefox'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15', 'safari'],
  ['Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 OPR/120.0', 'other'],
])('[M14] %s is spoken to as %s', (userAgent, name) => {
  expect(toBrowserKind(userAgent)).toEqual({ name, isMobile: false, isApple: false });
});

test('[M14] an iPhone is known as one, whatever browser it shows', () => {
  const userAgent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605 CriOS/150.0 Mobile Safari/604';
  expect(toBrowserKind(userAgent)).toEqual({ name: 'chrome', isMobile: true, isApple: true });
});
