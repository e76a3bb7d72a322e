import { useNow } from './use-now.ts';
import { useWorkbench } from './workbench.ts';

/** The server's present time, anew each second: waiting times are measured by its clock. */
export function useServerNow(): number {
  const state = useWorkbench().desk.state.value;
  return useNow(true) + (state.phase === 'ready' ? state.clockOffsetMs : 0);
}
