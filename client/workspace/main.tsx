import { render } from 'preact';
import '../ui/base.css';
import { openStorage } from '../connection/safe-storage.ts';
import { watchForUpgrade } from '../connection/upgrade-watch.ts';
import { findLoadedCall } from '../ui/call/load-call.ts';
import { App } from './app.tsx';
import { applySettings } from './apply-settings.ts';
import { fetchSession, signIn, signOut } from './session-api.ts';
import { createSettings } from './settings.ts';
import { createSignIn } from './sign-in-state.ts';

const storage = openStorage('local');
const settings = createSettings(storage, navigator.languages);
applySettings(settings, document);

const door = createSignIn({ fetchSession, signIn, signOut }, Date.now);
void door.check();

// With the code of calls a call may run here: then the agent decides when the page is loaded anew.
watchForUpgrade(() => findLoadedCall() === undefined);

const root = document.getElementById('workspace');
if (root) render(<App door={door} settings={settings} storage={storage} />, root);
