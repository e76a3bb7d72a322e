/** Where a visitor came from, as campaigns say it. Whatever else a query holds is the site's own: a token, a search, a name. */
const CAMPAIGN_KEY = /^utm_[a-z_]{1,40}$/;

/** The address of a page as the server may know it: the path, and of the query what tells of a campaign. */
export function toReportedAddress(address: string): string {
  const [plain = ''] = address.split(/[?#]/, 1);
  if (!URL.canParse(address)) return plain;
  const query = new URLSearchParams();
  for (const [key, value] of new URL(address).searchParams) {
    // Mailings put the address of who gets them even there.
    if (CAMPAIGN_KEY.test(key) && !value.includes('@')) query.append(key, value);
  }
  return query.size > 0 ? `${plain}?${query}` : plain;
}
