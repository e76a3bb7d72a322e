import type { SiteView } from '../../../protocol/sites.ts';

/** What the site lets its visitors share, and how. */
export type ShareOffer = SiteView['sharing'];
