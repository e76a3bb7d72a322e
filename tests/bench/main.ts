import { arch, cpus, platform } from 'node:os';
import { measureCallSetup } from './call-setup.ts';
import { measureRecorder } from './co-browse-recorder.ts';
import { measureCoBrowse } from './co-browse.ts';
import { printFigures } from './figures.ts';
import type { Figure } from './figures.ts';
import { measureIdleMemory } from './idle-memory.ts';
import { measureMessageLatency } from './message-latency.ts';
import { measureSoak } from './soak.ts';
import { measureThroughput } from './message-throughput.ts';
import { measureRelay } from './relay-throughput.ts';
import { measureWeights } from './weights.ts';

/** Every measurement by name; `npm run bench -- latency calls` runs only those. The long ones run only by name. */
const measurements: Record<string, () => Promise<Figure[]>> = {
  weights: measureWeights,
  latency: measureMessageLatency,
  throughput: measureThroughput,
  memory: measureIdleMemory,
  calls: measureCallSetup,
  'co-browse': measureCoBrowse,
  relay: measureRelay,
  recorder: measureRecorder,
  soak: measureSoak,
};
const LONG = ['soak'];

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(measurements, name));
if (unknown) {
  console.error(`There is no measurement "${unknown}". There are: ${Object.keys(measurements).join(', ')}.`);
  process.exit(1);
}
console.log(
  `Node ${process.versions.node}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n`,
);
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(measurements)) {
  if (wanted.length > 0 ? !wanted.includes(name) : LONG.includes(name)) continue;
  const startedAt = performance.now();
  figures.push(...(await measure()));
  console.log(`${name} took ${Math.round((performance.now() - startedAt) / 1_000)} s`);
}
console.log('');
printFigures(figures);
process.exit(0);
