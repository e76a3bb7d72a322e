import '../ui/base.css';
import './widget.css';
import { render } from 'preact';
import { canCaptureScreen } from '../../media/browser/screen-capture.ts';
import { openStorage } from '../connection/safe-storage.ts';
import { watchForUpgrade } from '../connection/upgrade-watch.ts';
import { chooseLanguage, setLanguage } from '../ui/language.ts';
import { canBeginAnew } from './begin-anew.ts';
import { awaitKeyboard } from './focus.ts';
import { connectHost } from './host-bridge.ts';
import type { HostEvent } from './host-messages.ts';
import { createVisitorCall } from './visitor-call.ts';
import { createPopOut } from './pop-out/pop-out.ts';
import { createShareDoor } from './share/share-door.ts';
import { createVisitorMemory } from './visitor-memory.ts';
import { WidgetFrame } from './widget-frame.tsx';
import { createWidget, type Widget } from './widget.ts';

const parameters = new URLSearchParams(location.search);
const siteKey = parameters.get('site') ?? '';
/** The page may insist on a language; otherwise the visitor's browser decides. */
const languageTag = (parameters.get('language') ?? navigator.language).slice(0, 35);
setLanguage(chooseLanguage(parameters.has('language') ? [languageTag] : navigator.languages));

let widget: Widget | undefined;
/** A command may come along with the greeting, before anything is there to follow it. */
const early: HostEvent[] = [];

connectHost(
  (bridge) => {
    const memory = createVisitorMemory(siteKey, openStorage('local'), openStorage('session'));
    const created = createWidget({ siteKey, language: languageTag, bridge, memory, locks: navigator.locks });
    widget = created;
    for (const event of early.splice(0)) created.handleHost(event);
    const root = document.getElementById('widget');
    if (root === null) return;
    const call = createVisitorCall(created, memory);
    const popOut = createPopOut({
      widget: created,
      show: async (target, shell) => {
        const { showInWindow } = await import('./pop-out/show-in-window.tsx');
        return showInWindow(target, shell, { widget: created, call, door, popOut });
      },
    });
    const door = createShareDoor(created, { canShowScreen: canCaptureScreen(), popOut });
    watchForUpgrade(() => canBeginAnew(created, call, door));
    render(<WidgetFrame widget={created} call={call} door={door} popOut={popOut} />, root);
  },
  (event) => {
    if (event.kind === 'open' && widget?.screen.peek().at !== 'panel') awaitKeyboard();
    if (widget === undefined) early.push(event);
    else widget.handleHost(event);
  },
);
