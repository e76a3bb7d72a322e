import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/** Where things that outlive one clone are kept: Node, the media worker, compiled code. */
export function cacheFolder(env = process.env, platform = process.platform) {
  const base = env.XDG_CACHE_HOME || (platform === 'win32' && env.LOCALAPPDATA) || join(homedir(), '.cache');
  return join(base, 'foyer');
}

/** Absolute path of something inside the project. */
export function inProject(...parts) {
  return join(projectFolder, ...parts);
}
