import { useEffect } from 'preact/hooks';
import type { CallSession } from '../../../media/browser/call-session.ts';

/** Ctrl/Cmd+D mutes, Ctrl/Cmd+E turns the camera on and off; not while somebody writes. */
export function useCallKeys(session: CallSession): void {
  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      const act = toCallKey(event, isTextField(event.target));
      if (act === undefined) return;
      event.preventDefault();
      if (event.repeat) return;
      if (act === 'mute') session.setMuted(!session.isMuted.peek());
      else session.setCameraOn(!session.isCameraOn.peek());
    };
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, [session]);
}

type KeyFacts = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

export function toCallKey(event: KeyFacts, isInTextField: boolean): 'mute' | 'camera' | undefined {
  if (isInTextField || event.altKey || event.shiftKey || event.ctrlKey === event.metaKey) return undefined;
  const key = event.key.toLowerCase();
  if (key === 'd') return 'mute';
  return key === 'e' ? 'camera' : undefined;
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}
