import { useEffect, useState } from 'preact/hooks';
import { CloudOff, RotateCw, ShieldX } from 'lucide-preact';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';

/** A restart of the server takes about two seconds; a line that flashes for less than that only worries people. */
const SHOW_AFTER_MS = 1_500;

/** Says that the connection is away, and what still works meanwhile. */
export function ConnectionBanner() {
  const { connection } = useWorkbench();
  const isAway = connection.state.value === 'reconnecting';
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isAway) {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), SHOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isAway]);
  if (!isShown) return null;
  return (
    <Banner
      icon={<CloudOff size={18} />}
      actions={
        <Button size="small" icon={<RotateCw size={15} />} onClick={connection.reconnect}>
          {say('tryAgain')}
        </Button>
      }
    >
      <strong>{say('offlineTitle')}</strong> {say('offlineText')}
    </Banner>
  );
}

/** The server said no for a reason that waiting does not cure. */
export function RefusedPage() {
  const { connection } = useWorkbench();
  const code = connection.refusal.value?.code;
  return (
    <main style={{ display: 'grid', minHeight: '100dvh' }}>
      <EmptyState
        icon={<ShieldX size={24} />}
        title={say('refusedTitle')}
        actions={
          <Button variant="primary" icon={<RotateCw size={17} />} onClick={() => location.reload()}>
            {say('reload')}
          </Button>
        }
      >
        {say(code === 'client-too-old' ? 'refusedOld' : 'refusedOther')}
      </EmptyState>
    </main>
  );
}
