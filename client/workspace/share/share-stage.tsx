import { LoaderCircle, Pause } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AgentConversationView } from '../../../protocol/conversations.ts';
import type { ShareView } from '../../../protocol/sharing.ts';
import { systemClock } from '../../connection/clock.ts';
import { language } from '../../ui/language.ts';
import { useWorkbench } from '../workbench.ts';
import { pageSight } from './page-sight.ts';
import { ShareNavigation } from './share-navigation.tsx';
import { ShareTabs } from './share-tabs.tsx';
import { sayShare } from './share-texts.ts';
import { ShareToolbar } from './share-toolbar.tsx';
import { createShareWatch, type ShareWatch } from './share-watch.ts';
import { sayPause, sayRefusal } from './share-words.ts';
import { toggleFullScreen } from './toggle-full-screen.ts';
import { useIsDark } from './use-is-dark.ts';
import { useWatermark } from './use-watermark.ts';
import { ViewerFrame } from './viewer-frame.tsx';
import cover from './covered-picture.module.css';
import styles from './share-stage.module.css';

export interface ShareStageProps {
  conversation: AgentConversationView;
  share: ShareView;
  viewerUrl: string;
}

/** The visitor's page as it is, with what may be done there. Watched for as long as it is on the screen. */
export function ShareStage({ conversation, share, viewerUrl }: ShareStageProps) {
  const watch = useShareWatch(share);
  const stage = useRef<HTMLElement>(null);
  const { name } = conversation.visitor;
  useViewerLook(watch, conversation, share);
  if (watch === null) return null;
  return (
    <section class={styles.stage} aria-label={sayShare('sharedPage')} ref={stage}>
      <ShareTabs share={share} watch={watch} name={name} />
      <ShareNavigation share={share} watch={watch} name={name} />
      <div class={cover.picture}>
        <ViewerFrame viewerUrl={viewerUrl} title={`${sayShare('sharedPage')}: ${name}`} onPort={watch.attach} />
        <StageCover share={share} watch={watch} name={name} />
        <Refusal watch={watch} name={name} />
      </div>
      <ShareToolbar
        share={share}
        watch={watch}
        name={name}
        offeredGrants={conversation.sharing.offeredGrants}
        onFullScreen={() => toggleFullScreen(stage.current)}
      />
    </section>
  );
}

/** What stands over the picture while there is none to see; to those who hear, also that there is one. */
function StageCover({ share, watch, name }: { share: ShareView; watch: ShareWatch; name: string }) {
  const words = toCoverWords(share, watch, name);
  return (
    <div class={words === null ? cover.spoken : cover.cover} role="status">
      {words === null ? null : share.phase === 'paused' ? <Pause size={28} /> : <LoaderCircle size={28} data-turns />}
      <p>{words ?? sayShare('shown', { name })}</p>
    </div>
  );
}

function toCoverWords(share: ShareView, watch: ShareWatch, name: string): string | null {
  if (share.phase === 'paused') return sayPause(share.pausedBecause, name);
  if (watch.picture.value === 'shown') return null;
  if (watch.picture.value === 'cleared') return sayShare('cleared', { name });
  const isBetweenPages = share.liveAt !== null && watch.tabs.value.length === 0;
  return isBetweenPages ? sayShare('noPage', { name }) : sayShare('starting', { name });
}

/** Long enough to read one sentence twice. */
const REFUSAL_SHOWN_MS = 5_000;

function Refusal({ watch, name }: { watch: ShareWatch; name: string }) {
  const refusal = watch.refusal.value;
  useEffect(() => {
    if (refusal === null) return;
    const timer = setTimeout(watch.dismissRefusal, REFUSAL_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [refusal, watch]);
  return (
    <div class={cover.refusal} role="status">
      {refusal === null ? null : <p>{sayRefusal(refusal, name)}</p>}
      {watch.isOpening.value ? <p>{sayShare('opening', { name })}</p> : null}
    </div>
  );
}

function useShareWatch({ shareId, grants }: ShareView): ShareWatch | null {
  const { connection } = useWorkbench();
  const [watch, setWatch] = useState<ShareWatch | null>(null);
  useEffect(() => {
    const started = createShareWatch({ connection, shareId, clock: systemClock, sight: pageSight });
    setWatch(started);
    return () => {
      setWatch(null);
      started.close();
    };
  }, [connection, shareId]);
  const given = grants.map(({ grant }) => grant);
  useEffect(() => watch?.setGrants(given), [watch, given.join(' ')]);
  return watch;
}

function useViewerLook(watch: ShareWatch | null, { visitor }: AgentConversationView, share: ShareView): void {
  const isDark = useIsDark();
  const spoken = language.value;
  const watermark = useWatermark(share);
  useEffect(() => {
    watch?.setLook({ language: spoken, scheme: isDark ? 'dark' : 'light', visitorName: visitor.name, watermark });
  }, [watch, spoken, isDark, visitor.name, watermark]);
}
