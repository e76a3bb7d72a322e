import { useEffect } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { listConversations } from './desk-state.ts';
import { toPath, toPlace } from './place.ts';
import { readShortcut } from './shortcuts.ts';
import { useWorkbench } from './workbench.ts';

/** Keys that work anywhere in the workspace. */
export function useShortcuts({ openHelp }: { openHelp: () => void }): void {
  const { desk, actions } = useWorkbench();
  const [path, setPath] = useLocation();

  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      const shortcut = readShortcut(event, isTextField(event.target));
      const state = desk.state.peek();
      if (!shortcut || event.defaultPrevented || state.phase !== 'ready') return;
      // A modal question is answered first.
      if (document.querySelector('dialog:modal')) return;
      event.preventDefault();
      const firstOffer = state.offers[0];
      switch (shortcut) {
        case 'accept':
          if (firstOffer) void actions.acceptOffer(firstOffer.offerId);
          return;
        case 'go-to-request':
          document.querySelector<HTMLElement>('[data-offer] button')?.focus();
          return;
        case 'go-to-message':
          document.querySelector<HTMLElement>('[data-shown-conversation] textarea')?.focus();
          return;
        case 'help':
          openHelp();
          return;
        case 'next':
        case 'previous': {
          const place = toPlace(path);
          const ids = listConversations(state).map(({ conversationId }) => conversationId);
          const at = place.at === 'conversation' ? ids.indexOf(place.conversationId) : -1;
          const to = shortcut === 'next' ? at + 1 : at < 0 ? ids.length - 1 : at - 1;
          const conversationId = ids[(to + ids.length) % ids.length];
          if (conversationId) setPath(toPath({ at: 'conversation', conversationId }));
        }
      }
    };
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, [desk, actions, path]);
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
