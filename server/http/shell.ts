import compression from 'compression';
import express from 'express';
import type { Express, Router } from 'express';
import type { CodedError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { createErrorResponder, unknownRoute } from './error-responses.ts';
import { apiPolicy, securityHeaders } from './page-policies.ts';
import { warnOfUndeclaredProxy } from './undeclared-proxy.ts';
import { keepViewerApart } from './viewer-routes.ts';

export interface ShellParts {
  trustedProxies: number;
  viewerUrl: string | null;
  isHttps: boolean;
  log: Logger;
  isAnswer(error: unknown): error is CodedError;
  operation: Router;
  api: Router;
  pages: Router;
  /** Pictures of shared pages, below an address of their own. */
  sharedAssets: { path: string; routes: Router };
}

/** The HTTP edge: order matters, so it stands in one place. */
export function createShell(parts: ShellParts): Express {
  const shell = express();
  shell.disable('x-powered-by');
  shell.set('trust proxy', parts.trustedProxies);
  // Before the log: whoever knows such an address may see the picture.
  shell.use(parts.sharedAssets.path, parts.sharedAssets.routes);
  shell.use((request, response, next) => {
    const startedAt = performance.now();
    response.on('finish', () => {
      const tookMs = Math.round(performance.now() - startedAt);
      parts.log.debug({ method: request.method, path: request.path, status: response.statusCode, tookMs }, 'HTTP');
    });
    next();
  });
  shell.use(warnOfUndeclaredProxy(parts.trustedProxies, parts.log));
  shell.use(keepViewerApart(parts.viewerUrl));
  shell.use(parts.operation);
  shell.use('/api/v1', securityHeaders(apiPolicy, parts.isHttps), noStore, parts.api, unknownRoute);
  shell.use(compression());
  shell.use(parts.pages);
  shell.use(securityHeaders(apiPolicy, parts.isHttps), unknownRoute);
  shell.use(createErrorResponder(parts.log, parts.isAnswer));
  return shell;
}

const noStore: express.RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};
