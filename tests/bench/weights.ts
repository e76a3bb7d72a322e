import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { followStatic, gzipBytes, weighPage } from '../house/bundle-weights.ts';
import type { Figure } from './figures.ts';

const OUT_DIR = join(import.meta.dirname, '..', '..', 'dist', 'client');
const BUDGET = { loader: 2, firstOpen: 60, call: 80, recorder: 28 };

/** What a visitor's browser downloads, gzip, of the build in dist/. The baseline is the budget. */
export async function measureWeights(): Promise<Figure[]> {
  const { firstFiles, laterFiles } = weighPage(OUT_DIR, 'widget/index.html');
  const isCall = (file: string): boolean => readFileSync(join(OUT_DIR, file), 'utf8').includes('mediasoup');
  const callFiles = followStatic(
    OUT_DIR,
    laterFiles.filter((file) => /call/.test(file) || isCall(file)),
  ).filter((file) => !firstFiles.includes(file));
  const chatFiles = laterFiles.filter((file) => !callFiles.includes(file));
  const figure = (name: string, files: readonly string[], budgetKb?: number): Figure => ({
    name,
    unit: 'kB',
    measured: files.reduce((sum, file) => sum + gzipBytes(OUT_DIR, file), 0) / 1_024,
    ...(budgetKb && { baseline: budgetKb, goal: `≤ ${budgetKb} kB` }),
  });
  return [
    figure('loader', ['embed.js'], BUDGET.loader),
    figure('first open of the widget', firstFiles, BUDGET.firstOpen),
    figure('screens of a conversation, loaded when one is near', chatFiles),
    figure('call code, loaded when a call is near', callFiles, BUDGET.call),
    figure('recorder, loaded when a page is shared', ['recorder.js'], BUDGET.recorder),
  ];
}
