import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Router } from 'express';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../errors.ts';
import { securityHeaders, toViewerPolicy } from './page-policies.ts';

const PAGE_PATH = '/viewer/';
/** All that the viewer's own hostname serves: the page, what it is built of, and pictures of shared pages. */
const VIEWER_PATHS = [PAGE_PATH, '/assets/', '/cb-asset/'];
/** Stands in the built page for the origin of the workspace, the only one that the page takes a port from. */
const WORKSPACE_ORIGIN_MARK = '%WORKSPACE_ORIGIN%';

export interface ViewerParts {
  clientDir: string;
  isHttps: boolean;
  publicUrl: string | null;
  viewerUrl: string | null;
}

/** Where the workspace frames the viewer from. */
export function toViewerPage(viewerUrl: string | null): string {
  return `${viewerUrl ?? ''}${PAGE_PATH}`;
}

/**
 * Stands before all other routes: where the viewer has a hostname of its own it is served there alone, and that
 * hostname serves nothing else. What a shared page might load then finds neither cookies nor anything to do.
 */
export function keepViewerApart(viewerUrl: string | null): RequestHandler {
  const viewerHost = viewerUrl === null ? null : new URL(viewerUrl).host;
  return (request, _response, next) => {
    if (viewerHost === null) return next();
    const isViewerHost = request.headers.host?.toLowerCase() === viewerHost;
    const isViewerPath = VIEWER_PATHS.some((path) => request.path.startsWith(path));
    if (isViewerHost && !isViewerPath) throw new AppError('not-found', 'There is nothing here.');
    if (!isViewerHost && request.path.startsWith(PAGE_PATH)) {
      throw new AppError('not-found', 'The viewer has an address of its own.');
    }
    next();
  };
}

/** The page that shows what visitors share (B11). */
export function createViewerRoutes({ clientDir, isHttps, publicUrl, viewerUrl }: ViewerParts): Router {
  const routes = Router();
  const frameAncestors = [viewerUrl === null ? "'self'" : (publicUrl ?? "'none'")];
  const page = join(clientDir, 'viewer', 'index.html');

  routes.get(PAGE_PATH, (request, response, next) => {
    const policy = toViewerPolicy(listHosts(request, [publicUrl, viewerUrl]), frameAncestors);
    securityHeaders(policy, isHttps, true, 'no-referrer')(request, response, next);
  });
  routes.get(PAGE_PATH, async (_request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    const html = await readFile(page, 'utf8').catch(() => undefined);
    if (html === undefined) {
      response.status(503).type('text').send('The pages have not been built yet. Run "npm start" or "npm run dev".\n');
      return;
    }
    response.type('html').send(html.replace(WORKSPACE_ORIGIN_MARK, viewerUrl === null ? '' : (publicUrl ?? '')));
  });
  return routes;
}

/** A content policy knows names and IPv4 addresses; for anything else the page falls back to its whole own origin. */
function listHosts(request: Request, addresses: readonly (string | null)[]): string[] {
  const known = addresses.flatMap((address) => (address === null ? [] : [new URL(address).host]));
  const hosts = [...new Set([request.headers.host?.toLowerCase() ?? '', ...known])];
  return hosts.every((host) => /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/.test(host)) ? hosts : [];
}
