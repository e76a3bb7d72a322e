import { useState } from 'preact/hooks';
import { AppWindow, MonitorUp, ScreenShare } from 'lucide-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import { Button } from '../ui/button.tsx';
import { listOpenShares } from './desk-conversation.ts';
import { loadShare } from './share/load-share.ts';
import { sayRequest } from './share-request-texts.ts';
import { useWorkbench } from './workbench.ts';

/** Asks the visitor to show the page or the screen, as far as the site offers it, or shows the agent's own. */
export function ShareButtons({ conversation }: { conversation: AgentConversationView }) {
  const { actions, screens } = useWorkbench();
  const [asking, setAsking] = useState<'co-browse' | 'screen' | 'own' | null>(null);
  const { conversationId, sharing, phase } = conversation;
  const isOpen = (kind: 'co-browse' | 'screen'): boolean =>
    listOpenShares(conversation).some((share) => share.kind === kind);
  // A conversation on hold has nobody to answer.
  const isRunning = phase === 'active';
  const run = (what: 'co-browse' | 'screen' | 'own', work: () => Promise<void>): void => {
    if (asking !== null) return;
    setAsking(what);
    void work().finally(() => setAsking(null));
  };
  const request = (kind: 'co-browse' | 'screen') => (): void =>
    run(kind, () => actions.requestShare(conversationId, kind));
  // By the time the visitor has said yes, what shows the page is here.
  const prepare = (): void => void loadShare().catch(() => undefined);
  return (
    <>
      {sharing.offersCoBrowse ? (
        <Button
          size="small"
          icon={<AppWindow size={15} />}
          isBusy={asking === 'co-browse'}
          disabled={!isRunning || isOpen('co-browse')}
          onPointerEnter={prepare}
          onClick={request('co-browse')}
        >
          {sayRequest('requestCoBrowse')}
        </Button>
      ) : null}
      {sharing.offersScreen ? (
        <Button
          size="small"
          icon={<MonitorUp size={15} />}
          isBusy={asking === 'screen'}
          disabled={!isRunning || isOpen('screen')}
          onPointerEnter={prepare}
          onClick={request('screen')}
        >
          {sayRequest('requestScreen')}
        </Button>
      ) : null}
      {sharing.offersScreen && screens.isPossible ? (
        <Button
          size="small"
          icon={<ScreenShare size={15} />}
          isBusy={asking === 'own'}
          disabled={!isRunning || isOpen('screen')}
          onClick={() => run('own', () => screens.shareOwn(conversationId))}
        >
          {sayRequest('shareMyScreen')}
        </Button>
      ) : null}
    </>
  );
}
