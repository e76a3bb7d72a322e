/**
 * What our own words on a shared page are set in, at the visitor and at the agent: the design's own, as far as a page or
 * a system has it. Without "system-ui": where no desktop says what that is, it has serifs.
 */
export const OWN_FONT = "'Inter Variable', Inter, -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, sans-serif";
