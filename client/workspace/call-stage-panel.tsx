import { useEffect, useState } from 'preact/hooks';
import { PhoneForwarded } from 'lucide-preact';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { IncomingCallCard } from '../ui/call/incoming-call-card.tsx';
import { findLoadedCall, loadCall } from '../ui/call/load-call.ts';
import type { CallModule } from '../ui/call/load-call.ts';
import { OutgoingCallCard } from '../ui/call/outgoing-call-card.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { CallSession } from '../../media/browser/call-session.ts';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './call-stage-panel.module.css';

/** Whatever of a call belongs above the log: it rings, it runs here, or it runs in another tab. */
export function CallStagePanel({ conversation }: { conversation: AgentConversationView }) {
  const { calls, actions } = useWorkbench();
  const [isAnswering, setAnswering] = useState(false);
  const stage = calls.stageOf(conversation);
  const { name } = conversation.visitor;
  switch (stage.stage) {
    case 'none':
      return null;
    case 'incoming':
      return (
        <div class={styles.card}>
          <IncomingCallCard
            name={name}
            modality={stage.call.modality}
            isBusy={isAnswering}
            onAccept={({ isCameraOn }) => {
              setAnswering(true);
              void calls.accept(stage.call, isCameraOn).finally(() => setAnswering(false));
            }}
            onDecline={() => {
              setAnswering(true);
              void actions.declineCall(stage.call.callId).finally(() => setAnswering(false));
            }}
          />
        </div>
      );
    case 'outgoing':
      return (
        <div class={styles.card}>
          <OutgoingCallCard name={name} onCancel={() => void actions.cancelCall(stage.call.callId)} />
        </div>
      );
    case 'opening':
      return <CallSkeleton />;
    case 'here':
      return <RunningCall session={stage.session} />;
    case 'not-here':
      return (
        <Banner
          tone="info"
          icon={<PhoneForwarded size={18} />}
          actions={
            <Button size="small" variant="primary" onClick={() => calls.continueHere(stage.call)}>
              {say('continueHere')}
            </Button>
          }
        >
          {say('callInOtherTab')}
        </Banner>
      );
  }
}

/** The panel comes with the code that made the session, so it is there already. */
function RunningCall({ session }: { session: CallSession }) {
  const { desk } = useWorkbench();
  const [module, setModule] = useState<CallModule | null>(() => findLoadedCall() ?? null);
  useEffect(() => {
    let isGone = false;
    loadCall().then(
      (loaded) => !isGone && setModule(loaded),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, []);
  if (!module) return <CallSkeleton />;
  return (
    <div class={styles.call}>
      <module.CallPanel session={session} now={desk.serverNow} />
    </div>
  );
}

function CallSkeleton() {
  return (
    <div class={styles.call} aria-busy="true" aria-label={say('connectingCall')}>
      <Skeleton width="100%" height="200px" radius="14px" />
    </div>
  );
}
