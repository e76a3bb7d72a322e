import { toPlace, type SourceFile, type SourceImport } from './source-files.ts';

/** In this order: each may import those before it. */
const SERVER_PARTS = [
  'sites',
  'accounts',
  'visitors',
  'attachments',
  'conversations',
  'routing',
  'team',
  'insights',
] as const;
const EDGES = ['http', 'realtime'];
const EDGE_MAY_KNOW = ['accounts', 'visitors'];
/** The composition root and what starts it. */
const ROOTS = new Set(['server/app.ts', 'server/main.ts', 'server/add-agent.ts', 'server/set-password.ts']);
const CLIENT_PAGES = ['widget', 'workspace', 'admin', 'demo'];
/** Small and free of imports, so a browser may carry them. */
const PROTOCOL_VALUES = new Set(['protocol/version.ts', 'protocol/visitor-name.ts']);

/** Why this import must not be, as a sentence that says what to do; undefined when it may. */
export function findForbiddenReason(
  file: SourceFile,
  imported: SourceImport,
  composition: ReadonlySet<string>,
): string | undefined {
  if (!imported.isOwn || file.isForTests) return undefined;
  const [from, to] = [toPlace(file.path), toPlace(imported.target)];
  if (from.part === 'scripts') return undefined;
  if (to.part === 'tests') return 'The product must not import its tests.';
  if (
    isBrowserCode(file.path) &&
    to.part === 'protocol' &&
    !imported.isTypeOnly &&
    !PROTOCOL_VALUES.has(imported.target)
  ) {
    return 'Browser code takes types alone from protocol/ ("import type"): the values bring zod along.';
  }
  switch (from.part) {
    case 'protocol':
      return to.part === 'protocol' ? undefined : 'protocol/ imports nothing of ours.';
    case 'media':
    case 'cobrowse':
      if (to.part !== from.part && to.part !== 'protocol') {
        return `${from.part}/ imports itself and protocol/ alone: declare what it needs, app.ts supplies it.`;
      }
      return findBrowserBoundary(from.part, from.subpart, to.subpart, imported.isTypeOnly);
    case 'client':
      return findClientReason(from.subpart, to, imported.isTypeOnly);
    case 'server':
      return findServerReason(file.path, imported, composition);
    default:
      return undefined;
  }
}

/** Files directly in server/ that know a part belong to the composition root, and nobody else may import them. */
export function findCompositionFiles(files: readonly SourceFile[]): Set<string> {
  const found = new Set(ROOTS);
  for (const { path, imports, isForTests } of files) {
    if (!/^server\/[^/]+\.ts$/.test(path) || isForTests) continue;
    const knowsPart = imports.some(({ target, isOwn, isTypeOnly }) => {
      const place = toPlace(target);
      if (!isOwn || isTypeOnly) return false;
      return place.part === 'media' || place.part === 'cobrowse' || isServerPart(place.subpart);
    });
    if (knowsPart) found.add(path);
  }
  return found;
}

function findServerReason(
  path: string,
  { target, isTypeOnly }: SourceImport,
  composition: ReadonlySet<string>,
): string | undefined {
  const [from, to] = [toPlace(path), toPlace(target)];
  if (composition.has(path)) return to.part === 'client' ? 'The server does not import pages.' : undefined;
  if (to.part === 'protocol') return undefined;
  // What media/ and cobrowse/ declare (`CallStore`) is made by the part whose business it is.
  if (isTypeOnly && ['media', 'cobrowse'].includes(to.part) && /^[^/]+\/[^/]+\.ts$/.test(target)) return undefined;
  if (to.part !== 'server')
    return `Only app.ts joins the server with ${to.part}/: declare an interface and take it from there.`;
  if (composition.has(target) && !isTypeOnly)
    return `${target} belongs to the composition root: have app.ts hand over what is needed.`;
  // Files directly in server/ and db/ are the ground that every part stands on.
  if (!isServerPart(to.subpart)) return undefined;
  if (to.subpart === from.subpart) return undefined;
  if (EDGES.includes(from.subpart)) {
    if (EDGE_MAY_KNOW.includes(to.subpart)) return undefined;
    return `server/${from.subpart} knows accounts and visitors alone: app.ts hands it the handlers and routes of ${to.subpart}.`;
  }
  const [fromRank, toRank] = [rank(from.subpart), rank(to.subpart)];
  if (toRank >= 0 && toRank < fromRank) return undefined;
  return `server/${from.subpart || 'its ground'} must not import server/${to.subpart}: hear it through a domain event, or take what is needed from app.ts.`;
}

function findClientReason(
  from: string,
  to: { part: string; subpart: string },
  isTypeOnly: boolean,
): string | undefined {
  if (from === 'embed') return 'client/embed imports nothing: it lives in other people’s pages.';
  if (to.part === 'server') return 'A page does not import the server.';
  if (to.part === 'protocol') return undefined;
  if (to.part === 'media') {
    return to.subpart === 'browser' ? undefined : 'A page takes of media/ only what is in media/browser.';
  }
  if (to.part === 'cobrowse') return to.subpart === 'relay' ? 'A page does not import the relay.' : undefined;
  if (from === to.subpart) return undefined;
  // The loader and the widget talk to one another: the loader, which imports nothing, declares the messages.
  if (from === 'widget' && to.subpart === 'embed' && isTypeOnly) return undefined;
  if (CLIENT_PAGES.includes(to.subpart) || to.subpart === 'embed') {
    return `client/${from} must not import client/${to.subpart}: what both need belongs into client/ui or client/connection.`;
  }
  if (from === 'connection')
    return 'client/connection imports protocol types alone, so that it works without any interface.';
  return undefined;
}

/** The browser's half must not pull in the server's half of the same part, except its types and its pure states. */
function findBrowserBoundary(part: string, from: string, to: string, isTypeOnly: boolean): string | undefined {
  const halves: Record<string, { browser: string[]; server: string[] }> = {
    media: { browser: ['browser'], server: ['sfu'] },
    cobrowse: { browser: ['recorder', 'viewer'], server: ['relay'] },
  };
  const { browser, server } = halves[part] ?? { browser: [], server: [] };
  if (isTypeOnly) return undefined;
  if (browser.includes(from) && server.includes(to))
    return `${part}/${from} runs in the browser: ${part}/${to} does not.`;
  if (server.includes(from) && browser.includes(to))
    return `${part}/${from} runs on the server: ${part}/${to} does not.`;
  return undefined;
}

function isBrowserCode(path: string): boolean {
  return /^(client|media\/browser|cobrowse\/(recorder|viewer))\//.test(path);
}

function isServerPart(name: string): boolean {
  return rank(name) >= 0 || EDGES.includes(name);
}

function rank(name: string): number {
  return SERVER_PARTS.findIndex((part) => part === name);
}
