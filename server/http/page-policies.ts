import type { RequestHandler } from 'express';
import helmet from 'helmet';

type Directives = Record<string, string[]>;

const NOTHING: Directives = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Scripts, styles and connections of our own and nothing else: what each of our pages needs, page by page. */
const APPLICATION: Directives = {
  ...NOTHING,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'"],
  mediaSrc: ["'self'", 'blob:', 'mediastream:'],
  workerSrc: ["'self'", 'blob:'],
};

/** The widget is framed by the site's pages and by nobody else. Some browsers do not count ws: as 'self'. */
export function toWidgetPolicy(frameAncestors: string[]): Directives {
  return { ...APPLICATION, connectSrc: ["'self'", 'ws:', 'wss:'], frameAncestors };
}

/** @param viewerUrl where the viewer of shared pages is when not on this host: nothing else is framed */
export function toWorkspacePolicy(viewerUrl: string | null): Directives {
  return {
    ...APPLICATION,
    connectSrc: ["'self'", 'ws:', 'wss:'],
    frameSrc: [viewerUrl ?? "'self'"],
    formAction: ["'self'"],
  };
}

/**
 * For the page that shows what visitors share. It and the documents it builds, which inherit this policy, get scripts,
 * styles and pictures from two folders of this server and reach nothing else.
 *
 * @param hosts under which browsers know this server, with port; none where the policy language cannot write them
 */
export function toViewerPolicy(hosts: readonly string[], frameAncestors: string[]): Directives {
  const within = (folder: string): string[] => (hosts.length > 0 ? hosts.map((host) => host + folder) : ["'self'"]);
  return {
    ...NOTHING,
    scriptSrc: within('/assets/'),
    // The shared page's own rules arrive as text and are built into its copy.
    styleSrc: [...within('/assets/'), "'unsafe-inline'"],
    imgSrc: [...within('/cb-asset/'), 'data:'],
    fontSrc: [...within('/cb-asset/'), 'data:'],
    mediaSrc: ["'none'"],
    connectSrc: ["'none'"],
    frameSrc: ["'none'"],
    objectSrc: ["'none'"],
    workerSrc: ["'none'"],
    frameAncestors,
  };
}

/** The demo shop stands for a customer's page with a strict policy of its own. */
export const demoPolicy: Directives = {
  ...NOTHING,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  frameSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'self'"],
};

export const apiPolicy: Directives = NOTHING;

/**
 * helmet with the page's own content policy.
 *
 * @param isHttps when the public address is https: only then may browsers be told to insist on it
 * @param isFramed whether other origins frame the page; `frame-ancestors` says which, older headers could not
 * @param openerPolicy which windows stay in touch with the page
 */
export function securityHeaders(
  directives: Directives,
  isHttps: boolean,
  isFramed = false,
  referrerPolicy: 'strict-origin-when-cross-origin' | 'no-referrer' = 'strict-origin-when-cross-origin',
  openerPolicy: 'same-origin' | 'same-origin-allow-popups' = 'same-origin',
): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    crossOriginEmbedderPolicy: false,
    crossOriginResourcePolicy: { policy: isFramed ? 'cross-origin' : 'same-origin' },
    crossOriginOpenerPolicy: isFramed ? false : { policy: openerPolicy },
    frameguard: isFramed ? false : { action: 'sameorigin' },
    referrerPolicy: { policy: referrerPolicy },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000 } : false,
  });
}
