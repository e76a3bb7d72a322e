import { PhoneCall, X } from 'lucide-preact';
import { isPageOutdated, retryOrReload } from '../connection/upgrade-watch.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { IncomingCallCard } from '../ui/call/incoming-call-card.tsx';
import { OutgoingCallCard } from '../ui/call/outgoing-call-card.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { sayUi } from '../ui/ui-texts.ts';
import styles from './call-area.module.css';
import { sayInConversation } from './conversation-screen-texts.ts';
import { say } from './texts.ts';
import type { VisitorCall } from './visitor-call.ts';
import { sayFailure } from './words.ts';

export interface CallAreaProps {
  call: VisitorCall;
  otherName: string;
  now: () => number;
}

/** Everything about the call, above the conversation: it rings, it runs here, or it runs in another tab. */
export function CallArea({ call, otherName, now }: CallAreaProps) {
  return (
    <>
      <CallFault call={call} />
      <CallPlaceArea call={call} otherName={otherName} now={now} />
    </>
  );
}

function CallPlaceArea({ call, otherName, now }: CallAreaProps) {
  const place = call.place.value;
  switch (place.at) {
    case 'none':
      return null;
    case 'waiting':
      return <WaitingRoomArea call={call} />;
    case 'incoming':
      return (
        <div class={styles.card}>
          <IncomingCallCard
            name={otherName}
            modality={place.call.modality}
            onAccept={(wish) => call.accept(place.call, wish)}
            onDecline={() => call.decline(place.call)}
          />
        </div>
      );
    case 'outgoing':
      return (
        <div class={styles.card}>
          <OutgoingCallCard name={otherName} onCancel={() => call.decline(place.call)} />
        </div>
      );
    case 'elsewhere':
    case 'unheld':
      return (
        <Banner
          tone="info"
          icon={<PhoneCall size={18} />}
          actions={
            <Button size="small" onClick={() => call.continueHere(place.call)}>
              {sayInConversation('continueHere')}
            </Button>
          }
        >
          {sayInConversation(place.at === 'elsewhere' ? 'callElsewhere' : 'callHeldNowhere')}
        </Banner>
      );
    case 'here': {
      const running = call.running.value;
      if (running === null) return call.fault.value === null ? <OpeningCall /> : null;
      return (
        <div class={styles.running}>
          <running.module.CallPanel key={running.session.callId} session={running.session} now={now} />
        </div>
      );
    }
  }
}

/** Getting ready while one waits. Code that cannot be loaded is no matter yet: it is tried again with the call. */
function WaitingRoomArea({ call }: { call: VisitorCall }) {
  const running = call.running.value;
  if (running === null) return null;
  return (
    <div class={styles.waiting}>
      <running.module.DevicePreview key={running.session.callId} session={running.session} />
    </div>
  );
}

/** The call's own shape while its code is still on the way. */
function OpeningCall() {
  return (
    <div class={styles.opening} role="status">
      <Skeleton height="176px" radius="14px" />
      <p>{sayInConversation('callLoading')}</p>
    </div>
  );
}

function CallFault({ call }: { call: VisitorCall }) {
  const fault = call.fault.value;
  if (fault === null) return null;
  const isNotLoaded = fault === 'not-loaded';
  return (
    <Banner
      tone="bad"
      actions={
        isNotLoaded ? (
          <Button size="small" onClick={() => retryOrReload(call.retry)}>
            {say('tryAgain')}
          </Button>
        ) : (
          <Button
            size="small"
            variant="ghost"
            label={sayUi('dismiss')}
            icon={<X size={16} />}
            onClick={call.dismissFault}
          />
        )
      }
    >
      {toFaultWords(fault)}
    </Banner>
  );
}

function toFaultWords(fault: NonNullable<VisitorCall['fault']['value']>): string {
  if (fault === 'not-loaded') return isPageOutdated.value ? say('failureOutdated') : sayInConversation('callNotLoaded');
  return isOurs(fault) ? sayInConversation('callRefused') : sayFailure(fault);
}

/** Codes whose general words would not say that it was about the call. */
function isOurs(code: Exclude<NonNullable<VisitorCall['fault']['value']>, 'not-loaded'>): boolean {
  return code !== 'offline' && code !== 'timeout' && code !== 'rate-limited' && code !== 'modality-not-offered';
}
