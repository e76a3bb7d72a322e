import { expect, test } from 'vitest';
import { findCompositionFiles, findForbiddenReason } from './arrow-rules.ts';
import { findImports, readSourceFiles, type SourceFile } from './source-files.ts';

const files = readSourceFiles();

test('[O1] the walk sees every way of importing', () => {
  const found = findImports(
    'client/ui/x.ts',
    [
      "import { a } from './a.ts';",
      "import type { B } from '../../protocol/b.ts';",
      'import {',
      '  c,',
      "} from 'c';",
      "export { d } from './d.ts';",
      "export type { E } from './e.ts';",
      "import './f.css';",
      "const g = await import('./g.ts');",
      "// import { no } from './no.ts';",
      'import H, { type I } from "./h.ts";',
    ].join('\n'),
  );
  expect(found.map(({ target, isTypeOnly }) => `${target}${isTypeOnly ? ' (type)' : ''}`)).toEqual([
    'client/ui/a.ts',
    'protocol/b.ts (type)',
    'c',
    'client/ui/d.ts',
    'client/ui/e.ts (type)',
    'client/ui/f.css',
    'client/ui/h.ts',
    'client/ui/g.ts',
  ]);
  expect(files.length).toBeGreaterThan(100);
});

test.each([
  ['server/sites/site-store.ts', '../conversations/message-store.ts', 'domain event'],
  ['server/conversations/x.ts', '../sites/site-store.ts', undefined],
  ['server/http/x.ts', '../routing/offers.ts', 'accounts and visitors alone'],
  ['server/realtime/x.ts', '../visitors/x.ts', undefined],
  ['server/db/x.ts', '../sites/x.ts', 'must not import'],
  ['server/routing/x.ts', '../../media/sfu/x.ts', 'Only app.ts'],
  ['server/routing/x.ts', '../app.ts', 'composition root'],
  ['server/app.ts', '../media/sfu/x.ts', undefined],
  ['media/sfu/x.ts', '../../server/errors.ts', 'app.ts supplies it'],
  ['media/browser/x.ts', '../sfu/x.ts', 'runs in the browser'],
  ['client/widget/x.ts', '../workspace/x.ts', 'client/ui or client/connection'],
  ['client/ui/x.ts', '../widget/x.ts', 'must not import'],
  ['client/connection/x.ts', '../ui/x.ts', 'protocol types alone'],
  ['client/ui/call/x.ts', '../../../media/browser/x.ts', undefined],
  ['client/embed/embed.ts', './x.ts', 'imports nothing'],
  ['client/widget/x.ts', '../../protocol/contract.ts', 'types alone'],
  ['client/widget/x.ts', '../../protocol/version.ts', undefined],
  ['protocol/x.ts', '../server/errors.ts', 'nothing of ours'],
])('[O1] the rules judge %s → %s', (path, specifier, reason) => {
  const [imported] = findImports(path, `import { x } from '${specifier}';`);
  const file: SourceFile = { path, text: '', imports: [], isForTests: false };
  const judged = findForbiddenReason(file, imported!, findCompositionFiles([]));
  if (reason === undefined) expect(judged).toBeUndefined();
  else expect(judged).toContain(reason);
});

test('[O1] every import points the way that docs/architecture.md draws', () => {
  const composition = findCompositionFiles(files);
  const faults = files.flatMap((file) =>
    file.imports.flatMap((imported) => {
      const reason = findForbiddenReason(file, imported, composition);
      return reason === undefined ? [] : [`${file.path} → ${imported.target}: ${reason}`];
    }),
  );
  expect(faults).toEqual([]);
});

test('[D1] only server/config.ts reads the environment', () => {
  const readers = files
    .filter(
      ({ path, isForTests, text }) => !isForTests && !path.startsWith('scripts/') && /\bprocess\.env\b/.test(text),
    )
    .map(({ path }) => path);
  expect(readers.filter((path) => path !== 'server/config.ts')).toEqual([]);
});
