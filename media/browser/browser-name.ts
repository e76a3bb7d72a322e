export type BrowserName = 'chrome' | 'edge' | 'firefox' | 'safari' | 'other';

export interface BrowserKind {
  name: BrowserName;
  /** Phones and tablets keep permissions in other places than desktops. */
  isMobile: boolean;
  /** iPhone or iPad. */
  isApple: boolean;
}

/** Which browser a sentence about permissions must speak of; by its own word, so a disguised one reads as the mask. */
export function toBrowserKind(userAgent: string): BrowserKind {
  const isApple = /iPhone|iPad|iPod/.test(userAgent);
  const isMobile = isApple || /Android|Mobile/.test(userAgent);
  return { name: toName(userAgent, isApple), isMobile, isApple };
}

function toName(userAgent: string, isApple: boolean): BrowserName {
  // NOTE: on iPhones every browser is Safari inside, and the permission lives in the system's settings for that app.
  if (/Edg(A|iOS)?\//.test(userAgent)) return 'edge';
  if (/Firefox\/|FxiOS\//.test(userAgent)) return 'firefox';
  if (/OPR\/|SamsungBrowser\//.test(userAgent)) return 'other';
  if (/Chrome\/|CriOS\//.test(userAgent)) return 'chrome';
  if (/Safari\//.test(userAgent) || isApple) return 'safari';
  return 'other';
}
