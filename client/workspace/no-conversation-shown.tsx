import { MessagesSquare, SearchX } from 'lucide-preact';
import { useLocation } from 'wouter-preact';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';

/** The place of the conversation while none is chosen, or the address names one that is not on this desk. */
export function NoConversationShown({ isUnknown }: { isUnknown: boolean }) {
  const { desk } = useWorkbench();
  const [, setPath] = useLocation();
  const state = desk.state.value;
  if (state.phase === 'loading') return <div aria-busy="true" />;
  if (isUnknown) {
    return (
      <EmptyState
        icon={<SearchX size={24} />}
        title={say('unknownTitle')}
        actions={<Button onClick={() => setPath('/')}>{say('backToList')}</Button>}
      >
        {say('unknownText')}
      </EmptyState>
    );
  }
  const isEmpty = state.conversations.size === 0;
  return (
    <EmptyState icon={<MessagesSquare size={24} />} title={say(isEmpty ? 'readyTitle' : 'chooseTitle')}>
      {say(isEmpty ? 'readyText' : 'chooseText')}
    </EmptyState>
  );
}
