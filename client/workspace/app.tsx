import { useEffect } from 'preact/hooks';
import type { KeyValueStorage } from '../connection/safe-storage.ts';
import { SignInPage } from './sign-in-page.tsx';
import type { SignIn } from './sign-in-state.ts';
import type { SettingsSignal } from './settings.ts';
import { WorkspaceHost } from './workspace-host.tsx';

export interface AppProps {
  door: SignIn;
  settings: SettingsSignal;
  storage: KeyValueStorage;
}

/** The door, or the desk behind it. The address is the same for both, so a sign-in leads to where one was. */
export function App({ door, settings, storage }: AppProps) {
  const state = door.state.value;
  const isSignedIn = state.phase === 'signed-in';
  useEffect(() => {
    // The desk sets a title with a count; at the door nothing may be counted.
    if (!isSignedIn) document.title = 'Foyer';
  }, [isSignedIn]);
  if (state.phase === 'signed-in') {
    // Another agent at the same browser gets a desk of their own, not what the last one had open.
    const { agentId } = state.agent;
    return <WorkspaceHost key={agentId} agentId={agentId} door={door} settings={settings} storage={storage} />;
  }
  return <SignInPage door={door} settings={settings} storage={storage} />;
}
