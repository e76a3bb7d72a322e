import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { answers } from './child-process.mjs';
import { SetupError } from './setup-error.mjs';
import { installPackages, isDebianFamily, isUbuntu, missingPackages } from './system-packages.mjs';

// The package's fonts are only recommended, and pages without any measure and look wrong.
const DEBIAN_PACKAGES = ['chromium', 'fonts-liberation'];
/** Chromium without the browser around its pages: a test in it takes about half the time. */
const SHELL_PACKAGE = 'chromium-headless-shell';
const SHELL_NAMES = [SHELL_PACKAGE, 'chrome-headless-shell'];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge'];
const KNOWN_PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** The path of a browser for the tests, brought if need be. */
export async function ensureChromium(lock) {
  const found = findChromium();
  if (found) return found;
  if (!isDebianFamily() || isUbuntu()) throw new SetupError(missingSentence());
  await installPackages(missingChromiumPackages(), { purpose: 'the browser tests', lock });
  const installed = findChromium();
  if (!installed) throw new SetupError(missingSentence());
  return installed;
}

/** What to install for a browser; nothing when there is one, or where packages do not help. */
export function missingChromiumPackages() {
  // NOTE: Ubuntu's package only points to a snap, which neither containers nor fake cameras get on with.
  return findChromium() || !isDebianFamily() || isUbuntu() ? [] : missingPackages(DEBIAN_PACKAGES);
}

/** The path of Chromium without its window, brought where that needs nobody; undefined where there is none. */
export async function ensureHeadlessShell(lock) {
  const isOurs = !process.env.CHROMIUM_PATH && isDebianFamily() && !isUbuntu() && process.getuid?.() === 0;
  if (isOurs && !findHeadlessShell()) {
    try {
      await installPackages([SHELL_PACKAGE], { purpose: 'faster browser tests', lock });
    } catch (error) {
      // Older systems have no such package, and the tests run in the whole browser as well.
      if (!(error instanceof SetupError)) throw error;
    }
  }
  return findHeadlessShell();
}

/** Nothing where CHROMIUM_PATH names the browser to take. */
export function findHeadlessShell(env = process.env, platform = process.platform) {
  return env.CHROMIUM_PATH ? undefined : findOnPath(SHELL_NAMES, env, platform);
}

export function findChromium(env = process.env, platform = process.platform) {
  if (env.CHROMIUM_PATH) {
    if (existsSync(env.CHROMIUM_PATH)) return env.CHROMIUM_PATH;
    throw new SetupError(
      `CHROMIUM_PATH names ${env.CHROMIUM_PATH}, which does not exist. Example: CHROMIUM_PATH=/usr/bin/chromium`,
    );
  }
  return findOnPath(NAMES, env, platform, KNOWN_PLACES[platform]);
}

function findOnPath(names, env, platform, otherPlaces = []) {
  const suffix = platform === 'win32' ? '.exe' : '';
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  // Windows' Chrome opens a window when asked for its version, so there being is enough.
  return [...candidates, ...otherPlaces].find(
    (path) => existsSync(path) && (platform === 'win32' || answers(path, ['--version'])),
  );
}

function missingSentence() {
  return 'The browser tests need Chromium or Google Chrome. Install one, or set CHROMIUM_PATH to it, and start again.';
}
