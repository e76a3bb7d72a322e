import type { ShareView } from '../../../protocol/sharing.ts';
import { formatDateTime } from '../../ui/format-time.ts';
import { language } from '../../ui/language.ts';
import { useWorkbench } from '../workbench.ts';

/** Who looks and since when, to stand over what is shown: a photograph of the screen says it too (B9). */
export function useWatermark(share: ShareView): string {
  const state = useWorkbench().desk.state.value;
  const agentName = state.phase === 'ready' ? state.agent.name : '';
  return `${agentName} · ${formatDateTime(share.allowedAt ?? share.askedAt, language.value)}`;
}
