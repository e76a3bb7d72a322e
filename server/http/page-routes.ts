import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router } from 'express';
import type { Response } from 'express';
import { demoPolicy, securityHeaders, toWidgetPolicy, toWorkspacePolicy } from './page-policies.ts';
import { createViewerRoutes } from './viewer-routes.ts';

export interface PageParts {
  /** The built pages: `widget/`, `workspace/`, `demo/`, `assets/`, and the scripts for customers' pages. */
  clientDir: string;
  isHttps: boolean;
  publicUrl: string | null;
  viewerUrl: string | null;
  hasDemo: boolean;
  /** Origins whose pages may frame this site's widget, besides our own; undefined when there is no such site. */
  findAllowedOrigins(siteKey: string): readonly string[] | undefined;
}

const YEAR_S = 31_536_000;
/** The loader, and what it brings to a page that is shared. */
const HOST_PAGE_SCRIPTS = ['/embed.js', '/recorder.js', '/recorder-tools.js'];
/** These have no hash in their names: customers' pages must see new ones within minutes. */
const SCRIPT_CACHE = 'public, max-age=300, stale-while-revalidate=3600';

/** Everything a browser loads. Files with a hash in their names are kept for good, pages are always asked for anew. */
export function createPageRoutes(parts: PageParts): Router {
  const { clientDir, isHttps, findAllowedOrigins } = parts;
  const pages = Router();
  const page = (...path: string[]) => join(clientDir, ...path);
  const sendPage = (response: Response, path: string): void => {
    response.setHeader('Cache-Control', 'no-cache');
    if (existsSync(path)) response.sendFile(path);
    else
      response.status(503).type('text').send('The pages have not been built yet. Run "npm start" or "npm run dev".\n');
  };

  pages.use(createViewerRoutes(parts));

  pages.get('/', (_request, response) => response.redirect(302, parts.hasDemo ? '/demo/' : '/workspace/'));

  for (const script of HOST_PAGE_SCRIPTS) {
    pages.get(script, securityHeaders(toWidgetPolicy(["'none'"]), isHttps, true), (_request, response) => {
      if (!existsSync(page(script))) {
        response.status(503).type('text').send('This script has not been built yet.\n');
        return;
      }
      response.setHeader('Cache-Control', SCRIPT_CACHE);
      response.sendFile(page(script));
    });
  }

  pages.get('/widget/', (request, response, next) => {
    const allowedOrigins = findAllowedOrigins(typeof request.query['site'] === 'string' ? request.query['site'] : '');
    const ancestors = allowedOrigins ? ["'self'", ...allowedOrigins] : ["'none'"];
    securityHeaders(toWidgetPolicy(ancestors), isHttps, true)(request, response, (error?: unknown) => {
      if (error) return next(error);
      if (!allowedOrigins) {
        response.status(404).type('text').send('There is no site with this key. Check data-site in the script tag.\n');
        return;
      }
      sendPage(response, page('widget', 'index.html'));
    });
  });

  // Opened by the widget and never framed: in it stands the visitor's consent as well.
  pages.get('/widget/window', securityHeaders(toWidgetPolicy(["'none'"]), isHttps, true), (_request, response) => {
    sendPage(response, page('widget', 'window.html'));
  });

  const workspaceHeaders = securityHeaders(toWorkspacePolicy(parts.viewerUrl), isHttps);
  pages.get(['/workspace', '/workspace/*path'], workspaceHeaders, (request, response) => {
    if (request.path === '/workspace') return response.redirect(302, '/workspace/');
    return sendPage(response, page('workspace', 'index.html'));
  });

  if (parts.hasDemo) {
    pages.use(
      '/demo',
      // As shops have it whose pages may open windows: with the strictest rule the widget could open none.
      securityHeaders(demoPolicy, isHttps, false, undefined, 'same-origin-allow-popups'),
      express.static(page('demo'), { maxAge: 0, fallthrough: true, redirect: true }),
    );
  }

  pages.use(
    '/assets',
    // A framed widget loads them from another origin's page, so they may be shared.
    securityHeaders(toWidgetPolicy(["'none'"]), isHttps, true),
    express.static(page('assets'), { immutable: true, maxAge: YEAR_S * 1_000, index: false, fallthrough: true }),
  );
  return pages;
}
