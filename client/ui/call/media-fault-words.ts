import type { BrowserKind } from '../../../media/browser/browser-name.ts';
import type { MediaFaultCode } from '../../../media/browser/media-errors.ts';

export type MediaFaultKey =
  | 'refusedChrome'
  | 'refusedChromeMobile'
  | 'refusedEdge'
  | 'refusedFirefox'
  | 'refusedSafari'
  | 'refusedSafariMobile'
  | 'refusedOther'
  | 'promptClosed'
  | 'refusedBySystem'
  | 'refusedBySystemMobile'
  | 'refusedByPage'
  | 'noDevice'
  | 'deviceBusy'
  | 'deviceUnsuitable'
  | 'interrupted'
  | 'insecurePage'
  | 'unsupported';

/** Which sentence tells this person what to do about this fault in this browser. */
export function toMediaFaultKey(code: MediaFaultCode, browser: BrowserKind): MediaFaultKey {
  switch (code) {
    case 'refused-by-person':
      return toRefusalKey(browser);
    case 'prompt-closed':
      return 'promptClosed';
    case 'refused-by-system':
      return browser.isMobile ? 'refusedBySystemMobile' : 'refusedBySystem';
    case 'refused-by-page':
      return 'refusedByPage';
    case 'no-device':
      return 'noDevice';
    case 'device-busy':
      return 'deviceBusy';
    case 'device-unsuitable':
      return 'deviceUnsuitable';
    case 'interrupted':
      return 'interrupted';
    case 'insecure-page':
      return 'insecurePage';
    case 'unsupported':
      return 'unsupported';
  }
}

function toRefusalKey({ name, isMobile, isApple }: BrowserKind): MediaFaultKey {
  // On iPhones other browsers hold no permissions of their own; the system's settings do.
  if (isMobile && isApple && name !== 'safari') return 'refusedBySystemMobile';
  switch (name) {
    case 'chrome':
      return isMobile ? 'refusedChromeMobile' : 'refusedChrome';
    case 'edge':
      return isMobile ? 'refusedOther' : 'refusedEdge';
    case 'firefox':
      return isMobile ? 'refusedOther' : 'refusedFirefox';
    case 'safari':
      return isMobile ? 'refusedSafariMobile' : 'refusedSafari';
    case 'other':
      return 'refusedOther';
  }
}

/** Faults that stay as they are however often one tries. */
export function canTryAgain(code: MediaFaultCode): boolean {
  return code !== 'refused-by-page' && code !== 'insecure-page' && code !== 'unsupported';
}
