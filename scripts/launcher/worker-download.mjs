import { createWriteStream, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { extractFile } from './tar-archive.mjs';

const RELEASES = 'https://github.com/versatica/mediasoup/releases/download';
const ANSWER_TIMEOUT_MS = 10_000;
const STALL_TIMEOUT_MS = 20_000;

/**
 * Fetches mediasoup's own prebuilt worker into `file`, as its npm package would. Answers with a reason when there is
 * none to be had; then the caller builds one.
 */
export async function downloadWorker(version, file, progress = () => {}) {
  const base = process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL || RELEASES;
  if (process.env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD)
    return 'switched off by MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD';
  const url = `${base}/${version}/${prebuiltName(version)}`;
  const archive = `${file}.tgz`;
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), ANSWER_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok) return `${new URL(url).host} answered ${response.status}`;
    let received = 0;
    const body = Readable.fromWeb(response.body).on('data', (chunk) => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), STALL_TIMEOUT_MS);
      received += chunk.length;
      progress(`${(received / 1e6).toFixed(1)} MB`);
    });
    await pipeline(body, createWriteStream(archive));
    // gunzip checks the whole archive's sum, so a download that broke off never gets further than this.
    writeFileSync(file, extractFile(gunzipSync(readFileSync(archive)), /(^|\/)mediasoup-worker(\.exe)?$/), {
      mode: 0o755,
    });
    return undefined;
  } catch (error) {
    if (abort.signal.aborted) return `no answer from ${new URL(url).host}`;
    return `${new URL(url).host} cannot be reached (${error.cause?.code ?? error.message})`;
  } finally {
    clearTimeout(timer);
    rmSync(archive, { force: true });
  }
}

/** The archive's name on the releases page; on Linux it carries the kernel's major version. */
export function prebuiltName(version, platform = process.platform, arch = process.arch, kernel = release()) {
  return `mediasoup-worker-${version}-${platform}-${arch}${platform === 'linux' ? `-kernel${kernel.split('.')[0]}` : ''}.tgz`;
}
