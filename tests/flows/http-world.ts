import { connect } from 'node:net';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Built pages as far as the server is concerned: files of the right names. */
export interface ClientFiles {
  readonly dir: string;
  remove(): Promise<void>;
}

const FILES: Record<string, string> = {
  'embed.js': `/* loader */${'x'.repeat(3_000)}`,
  'widget/index.html': '<!doctype html><title>Live help</title>',
  'workspace/index.html': '<!doctype html><title>Workspace</title>',
  'viewer/index.html':
    '<!doctype html><meta name="foyer-workspace" content="%WORKSPACE_ORIGIN%"><title>Shared page</title>',
  'demo/index.html': '<!doctype html><title>Demo shop</title>',
  'demo/.hidden': 'not for visitors',
  'assets/widget-4f2a.js': `console.log(1);${'/* padding */'.repeat(400)}`,
  'secret.txt': 'beside the folders that are served',
};

export async function createClientFiles(): Promise<ClientFiles> {
  const dir = await mkdtemp(join(tmpdir(), 'foyer-client-'));
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content);
  }
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** One directive of a page's policy. */
export function directiveOf(headers: Headers, name: string): string | undefined {
  return headers
    .get('content-security-policy')
    ?.split(';')
    .map((directive) => directive.trim())
    .find((directive) => directive.startsWith(`${name} `))
    ?.slice(name.length + 1);
}

/** Sends bytes as they are, because `fetch` would tidy them up first; gives everything that comes back. */
export function sendRaw(server: { url: string }, text: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (answer += part));
    // A refused sender may find the door shut while still speaking; what came back until then is the answer.
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}
