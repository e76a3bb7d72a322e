import { expect, test } from 'vitest';
import { agentEvents, agentRequests, visitorEvents, visitorRequests } from '../../protocol/contract.ts';
import { readSourceFiles, type SourceFile } from './source-files.ts';

const files = readSourceFiles().filter(({ isForTests, path }) => !isForTests && !path.startsWith('protocol/'));
const serverFiles = files.filter(({ path }) => /^(server|media\/(?!browser)|cobrowse\/(?!recorder|viewer))/.test(path));
const pageFiles = files.filter(({ path }) => /^(client|media\/browser|cobrowse\/(recorder|viewer))\//.test(path));

const requestNames = [...new Set([...Object.keys(visitorRequests), ...Object.keys(agentRequests)])];
const eventNames = [...new Set([...Object.keys(visitorEvents), ...Object.keys(agentEvents)])];

function mentions(where: readonly SourceFile[], name: string): boolean {
  return where.some(({ text }) => text.includes(`'${name}'`));
}

test.each(requestNames)('[O5] the request %s has a schema, a handler and a caller', (name) => {
  const schema = { ...visitorRequests, ...agentRequests }[name as keyof typeof agentRequests];
  expect(schema, 'needs input and output in protocol/').toMatchObject({ input: {}, output: {} });
  expect(
    mentions(serverFiles, name),
    `no handler names '${name}' in server/ or media/: add it or take the name away`,
  ).toBe(true);
  expect(
    mentions(pageFiles, name),
    `no page sends '${name}': call it in client/ or media/browser/ or take it away`,
  ).toBe(true);
});

test.each(eventNames)('[O5] the event %s is sent by the server and heard by a page', (name) => {
  expect(mentions(serverFiles, name), `the server never sends '${name}': send it or take the name away`).toBe(true);
  expect(
    mentions(pageFiles, name),
    `no page hears '${name}': listen in client/ or media/browser/ or take it away`,
  ).toBe(true);
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
