import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { CallSession } from '../../../media/browser/call-session.ts';

/**
 * Ctrl/Cmd+D mutes, Ctrl/Cmd+E turns the camera on and off; not while somebody writes.
 *
 * @param place the keys of its document count
 */
export function useCallKeys(session: CallSession, place: RefObject<HTMLElement>): void {
  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      const act = toCallKey(event, isTextField(event.target));
      if (act === undefined) return;
      event.preventDefault();
      if (event.repeat) return;
      if (act === 'mute') session.setMuted(!session.isMuted.peek());
      else session.setCameraOn(!session.isCameraOn.peek());
    };
    const home = place.current?.ownerDocument;
    home?.addEventListener('keydown', handleKey);
    return () => home?.removeEventListener('keydown', handleKey);
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
  // Not by class: what stands in another window is none of this window's elements.
  if (target === null || !('matches' in target)) return false;
  const element = target as HTMLElement;
  return element.isContentEditable || element.matches('input, textarea, select');
}
