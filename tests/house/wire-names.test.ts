import { expect, test, vi } from 'vitest';
import { agentEvents, agentRequests, visitorEvents, visitorRequests } from '../../protocol/contract.ts';
import type { GatewayParts } from '../../server/realtime/gateway.ts';
import { startServer } from '../_support/start-server.ts';
import { readSourceFiles, type SourceFile } from './source-files.ts';

const files = readSourceFiles().filter(({ isForTests, path }) => !isForTests && !path.startsWith('protocol/'));
const serverFiles = files.filter(({ path }) => /^(server|media\/(?!browser)|cobrowse\/(?!recorder|viewer))/.test(path));
const pageFiles = files.filter(({ path }) => /^(client|media\/browser|cobrowse\/(recorder|viewer))\//.test(path));

const requestNames = [...new Set([...Object.keys(visitorRequests), ...Object.keys(agentRequests)])];
const eventNames = [...new Set([...Object.keys(visitorEvents), ...Object.keys(agentEvents)])];

/** Lists that only name something (limits, sets) are not enough: it must stand as what is called with. */
function calls(where: readonly SourceFile[], pattern: string): boolean {
  const call = new RegExp(`\\b${pattern}`);
  return where.some(({ text }) => call.test(text));
}

// What app.ts hands to the gateway, as the server really starts.
const handed = vi.hoisted(() => ({ parts: [] as Pick<GatewayParts, 'visitorHandlers' | 'agentHandlers'>[] }));
vi.mock('../../server/realtime/gateway.ts', async (importOriginal) => {
  const gateway = await importOriginal<typeof import('../../server/realtime/gateway.ts')>();
  return {
    ...gateway,
    openGateway(parts: GatewayParts) {
      handed.parts.push(parts);
      return gateway.openGateway(parts);
    },
  };
});

async function readHandlers() {
  if (handed.parts.length === 0) await (await startServer()).close();
  const parts = handed.parts[0];
  if (!parts) throw new Error('The server started without handing any handlers to its gateway.');
  return parts;
}

test.each([
  ['visitor', visitorRequests],
  ['agent', agentRequests],
] as const)('[O5] a %s may ask exactly what the running server has a handler for', async (party, requests) => {
  const { visitorHandlers, agentHandlers } = await readHandlers();
  const handlers: Record<string, unknown> = party === 'visitor' ? visitorHandlers : agentHandlers;
  expect(Object.keys(handlers).toSorted()).toEqual(Object.keys(requests).toSorted());
  expect(Object.values(handlers).every((handler) => typeof handler === 'function')).toBe(true);
});

test.each(requestNames)('[O5] the request %s has a schema and a caller', (name) => {
  const schema = { ...visitorRequests, ...agentRequests }[name as keyof typeof agentRequests];
  expect(schema, 'needs input and output in protocol/').toMatchObject({ input: {}, output: {} });
  expect(
    calls(pageFiles, `(?:request|signal|tell)\\(\\s*'${name}'`),
    `no page asks '${name}': ask or take it away`,
  ).toBe(true);
});

test.each(eventNames)('[O5] the event %s is sent by the server and heard by a page', (name) => {
  expect(
    calls(serverFiles, `\\w+\\((?:[^'()]*,)?\\s*'${name}'`),
    `the server never sends '${name}': send it or take it away`,
  ).toBe(true);
  expect(calls(pageFiles, `on\\(\\s*'${name}'`), `no page hears '${name}': listen or take it away`).toBe(true);
});

test('[O5] pages use no wire name that the contract does not know', () => {
  const known = new Set([...requestNames, ...eventNames]);
  const unknown = pageFiles.flatMap(({ path, text }) =>
    [...text.matchAll(/'((?:visitor|agent|conversation|routing|call|share):[a-z]+(?:-[a-z]+)*)'/g)]
      .filter(([, name = '']) => !known.has(name))
      .map(([, name]) => `${path}: ${name}`),
  );
  expect(unknown).toEqual([]);
});
