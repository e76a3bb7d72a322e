import type { RequestHandler } from 'express';
import type { Logger } from '../logger.ts';

const WARNING =
  'A request came with X-Forwarded-For, and no proxy is declared. If one stands in front of Foyer, set ' +
  'FOYER_TRUSTED_PROXIES to their number, mostly 1: until then everybody behind it counts as one address, and thirty ' +
  'wrong sign-ins lock everybody out. If none does, somebody made the header up and nothing has to be done.';

/** Says once what an administrator would otherwise learn from being locked out (SE2). */
export function warnOfUndeclaredProxy(trustedProxies: number, log: Logger): RequestHandler {
  let isDone = trustedProxies > 0;
  return (request, _response, next) => {
    if (!isDone && request.headers['x-forwarded-for'] !== undefined) {
      isDone = true;
      log.warn({ setting: 'FOYER_TRUSTED_PROXIES' }, WARNING);
    }
    next();
  };
}
