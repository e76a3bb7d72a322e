import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ensureChromium, ensureHeadlessShell, missingChromiumPackages } from './chromium.mjs';
import { ensureClientBuild } from './client-build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { ensureMediaWorker } from './media-worker.mjs';
import { ensureNodeRuntime } from './node-runtime.mjs';
import { cacheFolder, projectFolder } from './project.mjs';
import { installPackages } from './system-packages.mjs';

/**
 * Brings what is missing, in the order in which one thing needs the other. `parts` names what the command at hand uses:
 * 'worker', 'client', 'chromium'; Node and the dependencies always come.
 */
export async function setUp(parts) {
  const runtime = await ensureNodeRuntime();
  const wants = (part) => parts.includes(part);
  const browsers = await withLock(setUpLock(), { title: 'Waiting for another set-up of this folder' }, async (lock) => {
    await ensureDependencies(runtime, lock);
    if (wants('worker')) await ensureMediaWorker((packages) => installForWorker(packages, wants('chromium'), lock));
    if (wants('client')) await ensureClientBuild(runtime, lock);
    if (!wants('chromium')) return {};
    return { chromium: await ensureChromium(lock), headlessShell: await ensureHeadlessShell(lock) };
  });
  return { runtime, ...browsers };
}

// Whoever must ask an administrator wants to ask once, so the tests' packages come along.
async function installForWorker(packages, withTests, lock) {
  const forTests = missingChromiumPackages();
  if (withTests)
    await installPackages([...packages, ...forTests], { purpose: 'the media worker and the browser tests', lock });
  else await installPackages(packages, { purpose: 'building the media worker', alsoForTests: forTests, lock });
}

// Not inside node_modules, which an installation empties.
function setUpLock() {
  const name = createHash('sha256').update(projectFolder).digest('hex').slice(0, 12);
  return join(cacheFolder(), 'locks', `set-up-${name}.lock`);
}
