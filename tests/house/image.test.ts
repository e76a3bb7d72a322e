import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceFiles, REPOSITORY_DIR, toPlace } from './source-files.ts';

/** What is run in the image: the server, and the commands that README gives for `docker exec`. */
const ENTRIES = ['server/main.ts', 'server/add-agent.ts', 'server/set-password.ts'];

const read = (path: string): string => readFileSync(join(REPOSITORY_DIR, path), 'utf8').replaceAll('\\\n', ' ');
const dockerfile = read('Dockerfile');
/** The stage that is left in the end; the ones before only build. */
const finalStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

/** Everything that Node loads beginning with these files, types aside: own files and packages. */
function findReachable(entries: readonly string[]): { own: Set<string>; packages: Set<string> } {
  const files = new Map(readSourceFiles().map((file) => [file.path, file]));
  const own = new Set<string>();
  const packages = new Set<string>();
  const left = [...entries];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (own.has(path)) continue;
    own.add(path);
    const file = files.get(path);
    if (!file) throw new Error(`${path} is imported and is not there.`);
    for (const { target, isOwn, isTypeOnly } of file.imports) {
      if (isTypeOnly) continue;
      if (isOwn) left.push(target);
      else if (!target.startsWith('node:')) packages.add(toPackage(target));
    }
  }
  return { own, packages };
}

/** `kysely/migration` → kysely, `@node-rs/argon2` → itself. */
function toPackage(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

test('[O2] the image holds every folder that the server imports', () => {
  const copied = [...finalStage.matchAll(/^COPY --from=build \/foyer\/(\S+) (\S+)$/gm)].map(([, from]) => from);
  const wanted = new Set([...findReachable(ENTRIES).own].map((path) => toPlace(path).part));
  expect([...wanted]).toEqual(expect.arrayContaining(['server', 'protocol', 'media']));
  expect([...wanted].filter((folder) => !copied.includes(folder))).toEqual([]);
});

test('[O2] the server runs without the packages that only building and testing need', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  const { packages } = findReachable(ENTRIES);
  expect(packages.size).toBeGreaterThan(5);
  expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
});

test.each(['README.md', 'Dockerfile'])(
  '[O2] as %s runs the image, each media worker has a port that is published, and browsers are told the address',
  (path) => {
    const workers = Number(/^ENV .*\bFOYER_MEDIA_WORKERS=(\d+)/m.exec(finalStage)?.[1]);
    expect(workers, 'FOYER_MEDIA_WORKERS of the image').toBeGreaterThan(0);
    const runs = [...read(path).matchAll(/docker run .*$/gm)].map(([command]) => command);
    expect(runs.length).toBeGreaterThan(0);
    for (const command of runs) {
      for (const kind of ['udp', 'tcp']) {
        const [, first, last] = new RegExp(`-p (\\d+)-(\\d+):\\1-\\2/${kind}`).exec(command) ?? [];
        expect(Number(last) - Number(first) + 1, `${kind} ports in: ${command}`).toBe(workers);
      }
      expect(command).toContain('-e FOYER_RTC_ANNOUNCED_ADDRESS=');
    }
  },
);

test('[O2] README names only commands for the image that are in it', () => {
  const commands = [...read('README.md').matchAll(/docker exec \S+ node (\S+)/g)].map(([, script]) => script);
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.filter((script) => !ENTRIES.includes(script ?? ''))).toEqual([]);
});
