import { useEffect, useMemo } from 'preact/hooks';
import { Router } from 'wouter-preact';
import { navigate } from 'wouter-preact/use-browser-location';
import type { AgentId } from '../../protocol/ids.ts';
import type { KeyValueStorage } from '../connection/safe-storage.ts';
import { BASE_PATH, toPath } from './place.ts';
import type { SettingsSignal } from './settings.ts';
import type { SignIn } from './sign-in-state.ts';
import { createWorkbench, WorkbenchProvider } from './workbench.ts';
import { WorkspacePage } from './workspace-page.tsx';

export interface WorkspaceHostProps {
  agentId: AgentId;
  door: SignIn;
  settings: SettingsSignal;
  storage: KeyValueStorage;
}

/** Holds one agent's workbench from sign-in to sign-out. */
export function WorkspaceHost({ agentId, door, settings, storage }: WorkspaceHostProps) {
  const workbench = useMemo(
    () =>
      createWorkbench({
        agentId,
        door,
        settings,
        storage,
        show: (conversationId) => navigate(`${BASE_PATH}${toPath({ at: 'conversation', conversationId })}`),
      }),
    [agentId, door, settings, storage],
  );
  useEffect(() => () => workbench.close(), [workbench]);
  return (
    <WorkbenchProvider value={workbench}>
      <Router base={BASE_PATH}>
        <WorkspacePage />
      </Router>
    </WorkbenchProvider>
  );
}
