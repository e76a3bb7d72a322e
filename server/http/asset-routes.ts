import { Router } from 'express';

/** A picture or font of a shared page, as the relay keeps it. */
export interface SharedAsset {
  contentType: string;
  bytes: Uint8Array;
}

export interface AssetRouteParts {
  /** Waits for what is still on its way; undefined when this token may not see it or there is none. */
  findAsset(token: string, epoch: number, tabId: string, assetKey: number): Promise<SharedAsset | undefined>;
}

/** Where it is mounted is part of what viewers are told: see `ASSET_PATH`. */
const PATH = '/:token/:epoch/:tabId/:assetKey';
/** Even opened on its own, an SVG is a picture: no script, no form, no frame, no request. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/**
 * Pictures and fonts of shared pages, from whichever keeper knows the token. The path holds an unguessable token for one share and one agent, so the answer may
 * go to a viewer on another host name, where no cookie proves who asks.
 */
export function createAssetRoutes(...keepers: AssetRouteParts[]): Router {
  const routes = Router();
  const findAsset: AssetRouteParts['findAsset'] = async (...place) => {
    for (const keeper of keepers) {
      const found = await keeper.findAsset(...place);
      if (found) return found;
    }
    return undefined;
  };
  routes.get(PATH, (request, response, next) => {
    const { token, epoch, tabId, assetKey } = request.params;
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Referrer-Policy', 'no-referrer');
    const isWellFormed = /^[\w-]{20,100}$/.test(token) && /^\d{1,10}$/.test(epoch) && /^\d{1,10}$/.test(assetKey);
    const found = isWellFormed ? findAsset(token, Number(epoch), tabId, Number(assetKey)) : Promise.resolve(undefined);
    const answer = (asset: SharedAsset | undefined): void => {
      if (response.destroyed) return;
      if (!asset) {
        response.setHeader('Cache-Control', 'no-store');
        response.status(404).end();
        return;
      }
      // Nothing of a page outlives its share on the agent's disk. Within one copy the browser fetches it once even so.
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Content-Type', asset.contentType);
      response.setHeader('Content-Disposition', 'inline; filename="picture"');
      response.end(asset.bytes);
    };
    found.then(answer, next);
  });
  return routes;
}
