import { useEffect, useRef, useState } from 'preact/hooks';
import { Eye, EyeOff, MonitorUp, MousePointerClick, Pause, X } from 'lucide-preact';
import type { ShareView } from '../../../protocol/sharing.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { findLoadedCall } from '../../ui/call/load-call.ts';
import { sayScreen, sayScreenFault } from '../../ui/share/screen-texts.ts';
import { ShareBanner } from '../../ui/share/share-banner.tsx';
import { sayUi } from '../../ui/ui-texts.ts';
import { hasLostFocus } from '../focus.ts';
import { AskCard } from './ask-card.tsx';
import { ChangeSharing } from './change-sharing.tsx';
import { ConsentCard } from './consent-card.tsx';
import type { OpenShare } from './open-share.ts';
import styles from './share-area.module.css';
import { PageDecision, ScreenDecision } from './share-decision.tsx';
import type { ShareOffer } from './share-offer.ts';
import { sayAct, sayAskedGrant, sayShared, sayShareDetails } from './share-words.ts';
import type { ShareFault } from './share-model.ts';
import { sayVisitorShare as say } from './visitor-share-texts.ts';

export interface ShareAreaProps {
  open: OpenShare;
  offer: ShareOffer;
  /** The agent. */
  name: string;
  now: () => number;
}

/** Long enough to read one line. */
const ACT_SHOWN_MS = 4_000;

/** Everything about sharing, above the conversation: what is asked, what runs, what was done. */
export function ShareArea(props: ShareAreaProps) {
  const { share, screen } = props.open;
  const bannerRef = useRef<HTMLElement>(null);
  const isSharing = isRunning(share.share.value) || isRunning(screen.share.value);
  const isAsking = share.isOffering.value || screen.isOffering.value;
  const wasAsking = useRef(isAsking);

  useEffect(() => {
    // The card that had the keyboard is gone: it goes on at what came of it.
    const banner = bannerRef.current;
    if (wasAsking.current && !isAsking && banner !== null && hasLostFocus(banner)) banner.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);

  return (
    <>
      {isSharing ? (
        <>
          <PageBanner {...props} bannerRef={bannerRef} />
          <ScreenBanner {...props} bannerRef={bannerRef} />
          <ScreenOfAgent {...props} />
        </>
      ) : null}
      <Fault words={share.fault.value && sayFault(share.fault.value)} onDismiss={share.dismissFault} />
      <Fault words={screen.fault.value && sayScreenFault(screen.fault.value)} onDismiss={screen.dismissFault} />
      <Questions {...props} />
      <LastAct open={props.open} />
    </>
  );
}

function isRunning(view: ShareView | null): view is ShareView {
  return view !== null && view.phase !== 'asked';
}

type BannerProps = ShareAreaProps & { bannerRef: { current: HTMLElement | null } };

function PageBanner({ open, offer, name, now, bannerRef }: BannerProps) {
  const { share } = open;
  const view = share.share.value;
  if (!isRunning(view)) return null;
  const isPaused = view.phase === 'paused';
  const isHere = share.scope.value !== null;
  const details = isHere || isPaused ? sayShareDetails(view, share.hiddenCount.value) : [say('notThisTab')];
  return (
    <ShareBanner
      icon={isPaused ? <Pause size={18} /> : isHere ? <Eye size={18} /> : <EyeOff size={18} />}
      title={sayShared(view, name)}
      details={details}
      timer={toTimer(view, now)}
      isRecorded={view.isRecorded}
      isPaused={isPaused}
      onEnd={share.end}
      change={<ChangeSharing view={view} open={open} offer={offer} name={name} />}
      bannerRef={bannerRef}
    >
      {isPaused ? (
        <div class={styles.decision}>
          <PageDecision view={view} share={share} />
        </div>
      ) : null}
    </ShareBanner>
  );
}

function ScreenBanner({ open, offer, name, now, bannerRef }: BannerProps) {
  const { screen } = open;
  const view = screen.share.value;
  if (!isRunning(view)) return null;
  const isPaused = view.phase === 'paused';
  return (
    <ShareBanner
      icon={isPaused ? <Pause size={18} /> : <MonitorUp size={18} />}
      title={sayShared(view, name)}
      details={sayShareDetails(view, 0)}
      timer={toTimer(view, now)}
      isRecorded={view.isRecorded}
      isPaused={isPaused}
      onEnd={screen.end}
      change={view.sharer === 'visitor' ? <ChangeSharing view={view} open={open} offer={offer} name={name} /> : null}
      bannerRef={bannerRef}
    >
      {isPaused && view.sharer === 'visitor' ? (
        <div class={styles.decision}>
          <ScreenDecision resume={screen.resume} />
        </div>
      ) : null}
    </ShareBanner>
  );
}

function ScreenOfAgent({ open, name }: ShareAreaProps) {
  const { share, watched, watchHere } = open.screen;
  if (!isRunning(share.value) || share.value.sharer !== 'agent') return null;
  // It comes with the code that brings the picture.
  const module = findLoadedCall();
  const session = watched.value;
  if (session === null || module === undefined) {
    return (
      <p class={styles.act} role="status" data-shown>
        {sayScreen('onItsWay', { name })}
      </p>
    );
  }
  return <module.ScreenView session={session} name={name} onRetry={watchHere} />;
}

export function toTimer(view: ShareView, now: () => number): { sinceAt: number; now: () => number } | null {
  const sinceAt = view.liveAt ?? view.allowedAt;
  return sinceAt === null ? null : { sinceAt, now };
}

function Questions({ open, offer, name }: ShareAreaProps) {
  const { share, screen } = open;
  const page = share.share.value;
  const picture = screen.share.value;
  const isAskedForPage = page?.phase === 'asked' && page.askedBy === 'agent';
  const isAskedForScreen = picture?.phase === 'asked' && picture.sharer === 'visitor';
  const askedPage = share.askedPage.value;
  const askedGrant = isRunning(page) ? page.askedGrant : null;
  if (share.picking.value !== null) return null;
  return (
    <>
      {isAskedForPage || (share.isOffering.value && page === null) ? (
        <div class={styles.card}>
          <ConsentCard
            key={page?.shareId ?? 'offer'}
            kind="co-browse"
            name={name}
            isOffer={!isAskedForPage}
            mayChooseScope={offer.mayChangeScope}
            mayRecord={offer.mayRecord}
            grants={offer.defaultGrants}
            isPossible
            isBusy={share.isAllowing.value}
            onAllow={share.allow}
            onDecline={share.decline}
          />
        </div>
      ) : null}
      {isAskedForScreen || (screen.isOffering.value && picture === null) ? (
        <div class={styles.card}>
          <ConsentCard
            key={picture?.shareId ?? 'offer'}
            kind="screen"
            name={name}
            isOffer={!isAskedForScreen}
            mayChooseScope={false}
            mayRecord={false}
            grants={[]}
            isPossible={screen.isPossible}
            isBusy={screen.isBusy.value}
            onAllow={screen.allow}
            onDecline={screen.decline}
          />
        </div>
      ) : null}
      {askedGrant === null ? null : (
        <div class={styles.card}>
          <AskCard
            key={askedGrant}
            title={sayAskedGrant(askedGrant, name)}
            detail={say('asksHint')}
            onAllow={() => share.setGrant(askedGrant, true)}
            onDecline={() => share.setGrant(askedGrant, false)}
          />
        </div>
      )}
      {askedPage === null ? null : (
        <div class={styles.card}>
          <AskCard
            key={askedPage.actId}
            title={say('asksOpen', { name: askedPage.agentName })}
            detail={askedPage.url}
            onAllow={() => share.answerPage(true)}
            onDecline={() => share.answerPage(false)}
          />
        </div>
      )}
    </>
  );
}

/** "Mira clicked “Add to cart”": a line that passes. */
function LastAct({ open }: { open: OpenShare }) {
  const act = open.share.lastAct.value;
  const [shownKey, setShownKey] = useState<number | null>(null);
  useEffect(() => {
    if (act === null) return;
    setShownKey(act.key);
    const timer = setTimeout(() => setShownKey(null), ACT_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [act?.key]);
  return (
    // Always there, otherwise the first line stays unheard.
    <div class={styles.act} role="status" data-shown={act !== null && shownKey === act.key}>
      {act !== null && shownKey === act.key ? (
        <>
          <MousePointerClick size={14} />
          {sayAct(act)}
        </>
      ) : null}
    </div>
  );
}

function Fault({ words, onDismiss }: { words: string | null; onDismiss(): void }) {
  if (words === null) return null;
  return (
    <Banner
      tone="bad"
      actions={
        <Button size="small" variant="ghost" label={sayUi('dismiss')} icon={<X size={16} />} onClick={onDismiss} />
      }
    >
      {words}
    </Banner>
  );
}

function sayFault(fault: ShareFault): string {
  switch (fault) {
    case 'not-loaded':
      return say('faultNotLoaded');
    case 'broken-off':
    case 'too-large':
      return say('faultTooMuch');
    case 'share-not-allowed':
    case 'forbidden':
      return say('faultNotAllowed');
    case 'offline':
    case 'timeout':
      return say('faultOffline');
    default:
      return say('faultOther');
  }
}
