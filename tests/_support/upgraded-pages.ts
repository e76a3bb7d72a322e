import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';

const CLIENT_DIR = join(import.meta.dirname, '..', '..', 'dist', 'client');

/** A copy of the built pages that can be replaced by another build while a server serves it. */
export interface UpgradablePages {
  readonly clientDir: string;
  /** The same pages, with every hashed file under another name: what an old page has not loaded is gone. */
  upgrade(): Promise<void>;
  remove(): Promise<void>;
}

export async function copyPages(): Promise<UpgradablePages> {
  const clientDir = await mkdtemp(join(tmpdir(), 'foyer-pages-'));
  await cp(CLIENT_DIR, clientDir, { recursive: true });
  return {
    clientDir,
    async upgrade() {
      const files = (await readdir(clientDir, { recursive: true, withFileTypes: true })).filter((entry) =>
        entry.isFile(),
      );
      const paths = files.map((entry) => join(entry.parentPath, entry.name));
      const hashed = paths.filter((path) => path.startsWith(join(clientDir, 'assets')));
      const names = new Map(hashed.map((path) => [basename(path), toNextName(basename(path))]));
      for (const path of paths.filter((each) => ['.html', '.js', '.css'].includes(extname(each)))) {
        let text = await readFile(path, 'utf8');
        for (const [name, next] of names) text = text.replaceAll(name, next);
        await writeFile(path, text);
      }
      for (const path of hashed) await rename(path, join(dirname(path), toNextName(basename(path))));
    },
    remove: () => rm(clientDir, { recursive: true, force: true }),
  };
}

function toNextName(name: string): string {
  return name.replace(/(\.\w+)$/, 'N$1');
}
