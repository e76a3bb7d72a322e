import { gzipSync } from 'node:zlib';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { workerKey } from './media-worker.mjs';
import { parallelJobs } from './worker-build.mjs';
import { downloadWorker, prebuiltName } from './worker-download.mjs';

test('[O1] the prebuilt worker is asked for by version, system, processor and kernel', () => {
  expect(prebuiltName('3.27.1', 'linux', 'x64', '6.1.0-18-amd64')).toBe(
    'mediasoup-worker-3.27.1-linux-x64-kernel6.tgz',
  );
  expect(prebuiltName('3.27.1', 'darwin', 'arm64', '24.1.0')).toBe('mediasoup-worker-3.27.1-darwin-arm64.tgz');
});

test('[O1] workers for different systems never meet in a shared cache', () => {
  expect(workerKey('3.27.1', { platform: 'linux', arch: 'x64', musl: false })).toBe('3.27.1-linux-x64-glibc');
  expect(workerKey('3.27.1', { platform: 'linux', arch: 'x64', musl: true })).toBe('3.27.1-linux-x64-musl');
  expect(workerKey('3.27.1', { platform: 'darwin', arch: 'arm64', musl: false })).toBe('3.27.1-darwin-arm64');
});

test('[O1] a machine with little memory compiles fewer sources at a time', () => {
  expect(parallelJobs(2, 8e9)).toBe(3);
  expect(parallelJobs(8, 2e9)).toBe(3);
  expect(parallelJobs(2, 5e8)).toBe(1);
});

describe('the download of a prebuilt worker', () => {
  const binary = Buffer.from('the worker '.repeat(500));
  let folder;
  let server;
  let answer;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'foyer-download-'));
    server = createServer((request, response) => answer(request, response));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL', `http://127.0.0.1:${server.address().port}/releases`);
    vi.stubEnv('MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD', '');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
  const download = () => downloadWorker('3.27.1', join(folder, 'worker'));

  test('[O1] takes the binary out of the archive of the mirror that was named', async () => {
    let asked;
    answer = (request, response) => {
      asked = request.url;
      response.end(gzipSync(tarOf('mediasoup-worker', binary)));
    };
    await expect(download()).resolves.toBeUndefined();
    expect(asked).toBe(`/releases/3.27.1/${prebuiltName('3.27.1')}`);
    expect(readFileSync(join(folder, 'worker'))).toEqual(binary);
  });

  test.each([
    ['breaks off', (archive) => archive.subarray(0, archive.length - 40)],
    ['is damaged', (archive) => Buffer.concat([archive.subarray(0, 60), Buffer.from('????'), archive.subarray(64)])],
    ['holds something else', () => gzipSync(tarOf('README', binary))],
  ])('[O1] that %s leaves nothing behind', async (_, spoil) => {
    answer = (_request, response) => response.end(spoil(gzipSync(tarOf('mediasoup-worker', binary))));
    await expect(download()).resolves.toEqual(expect.any(String));
    expect(existsSync(join(folder, 'worker'))).toBe(false);
  });

  test('[O1] says what the server answered when there is none for this system', async () => {
    answer = (_request, response) => response.writeHead(404).end();
    await expect(download()).resolves.toContain('answered 404');
  });
});

function tarOf(name, content) {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('0', 156);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
