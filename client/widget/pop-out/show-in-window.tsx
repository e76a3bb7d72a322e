import { effect } from '@preact/signals';
import { options, render } from 'preact';
import { applyAccent } from '../../ui/accent.ts';
import { language } from '../../ui/language.ts';
import { toBadgedTitle } from '../../ui/title-badge.ts';
import { Panel } from '../panel.tsx';
import type { ShareDoor } from '../share/share-door.ts';
import { say } from '../texts.ts';
import type { VisitorCall } from '../visitor-call.ts';
import type { Widget } from '../widget.ts';
import { copyStyles } from './copy-styles.ts';
import { PopOutContext } from './pop-out-context.ts';
import type { PopOut, ShownInWindow } from './pop-out.ts';
import type { WindowShell } from './window-shell.ts';

export interface WindowContent {
  widget: Widget;
  call: VisitorCall;
  door: ShareDoor;
  popOut: PopOut;
}

/** Draws the panel into the window: the same parts, from the same state, only in another document. */
export async function showInWindow(
  target: Window,
  shell: WindowShell,
  { widget, call, door, popOut }: WindowContent,
): Promise<ShownInWindow> {
  const stopStyles = await copyStyles(document, target.document);
  const { root } = shell;
  shell.take();
  const stopFrames = drawWithFramesOf(target);
  render(
    <PopOutContext.Provider value={{ popOut, isInWindow: true }}>
      <Panel widget={widget} call={call} door={door} isOpen />
    </PopOutContext.Provider>,
    root,
  );
  const stops = [
    stopStyles,
    stopFrames,
    effect(() => {
      target.document.documentElement.lang = language.value;
    }),
    effect(() => {
      const { session } = widget.state.value;
      const site = session.phase === 'known' ? session : null;
      const agentName = site?.conversation?.agent?.name;
      const title = agentName === undefined ? say('panel') : `${agentName} · ${say('panel')}`;
      target.document.title = toBadgedTitle(title, widget.conversation.value?.unreadCount.value ?? 0);
    }),
    effect(() => {
      const { session } = widget.state.value;
      return applyAccent(session.phase === 'known' ? session.site.accent : null, target.document.documentElement);
    }),
  ];
  return {
    close() {
      render(null, root);
      for (const stop of stops) stop();
    },
  };
}

/** A page that lies behind another tab draws no frames; what stands in the window is to follow the window's. */
function drawWithFramesOf(target: Window): () => void {
  const before = options.requestAnimationFrame;
  options.requestAnimationFrame = (draw) => {
    let isDrawn = false;
    const drawOnce = () => {
      if (isDrawn) return;
      isDrawn = true;
      draw();
    };
    // A window that is covered draws none either.
    target.requestAnimationFrame(drawOnce);
    setTimeout(drawOnce, 50);
  };
  return () => {
    if (before === undefined) delete options.requestAnimationFrame;
    else options.requestAnimationFrame = before;
  };
}
