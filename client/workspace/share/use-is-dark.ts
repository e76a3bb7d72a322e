import { useEffect, useState } from 'preact/hooks';
import { useWorkbench } from '../workbench.ts';

const DARK = '(prefers-color-scheme: dark)';

/** Whether the workspace is dark now, by the agent's choice or the system's. */
export function useIsDark(): boolean {
  const { theme } = useWorkbench().settings.value;
  const [isSystemDark, setSystemDark] = useState(() => matchMedia(DARK).matches);
  useEffect(() => {
    const query = matchMedia(DARK);
    const follow = (): void => setSystemDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return theme === 'system' ? isSystemDark : theme === 'dark';
}
