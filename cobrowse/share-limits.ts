/** Everything that is timed in sharing. */
export interface ShareLimits {
  /** How long a question waits for the visitor's answer. */
  askMs: number;
  /** How long a share waits for a page that streams, at its beginning and whenever the last one is gone. */
  sharerGraceMs: number;
  /** How long a share waits for the agent it is shown to, once no page of theirs is connected. */
  viewerGraceMs: number;
}

export const defaultShareLimits: ShareLimits = {
  askMs: 60_000,
  sharerGraceMs: 60_000,
  viewerGraceMs: 60_000,
};
