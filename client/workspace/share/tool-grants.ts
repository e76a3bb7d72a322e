import type { ViewerTool } from '../../../cobrowse/viewer/viewer-messages.ts';
import type { ShareGrantName } from '../../../protocol/sharing.ts';

/** One of these is enough; looking needs nothing. */
const NEEDS: Record<ViewerTool, readonly ShareGrantName[]> = {
  look: [],
  point: ['point'],
  laser: ['point'],
  highlight: ['point'],
  ink: ['draw'],
  act: ['click-and-type', 'scroll'],
};

/** Whether the visitor's permissions are enough for this tool. */
export function isToolGiven(tool: ViewerTool, grants: readonly ShareGrantName[]): boolean {
  const needs = NEEDS[tool];
  return needs.length === 0 || needs.some((grant) => grants.includes(grant));
}
