import { useEffect, useRef, useState } from 'preact/hooks';
import type { AgentConversationView } from '../../../protocol/conversations.ts';
import type { ShareView } from '../../../protocol/sharing.ts';
import { language } from '../../ui/language.ts';
import { useWorkbench } from '../workbench.ts';
import { ShareTabs } from './share-tabs.tsx';
import { ShareToolbar } from './share-toolbar.tsx';
import { createShareWatch, type ShareWatch } from './share-watch.ts';
import { sayShare } from './share-texts.ts';
import { sayPause, sayRefusal } from './share-words.ts';
import { ViewerFrame } from './viewer-frame.tsx';
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
  useViewerLook(watch, name, share);
  if (watch === null) return null;
  return (
    <section class={styles.stage} aria-label={sayShare('sharedPage')} ref={stage}>
      <ShareTabs watch={watch} name={name} />
      <div class={styles.picture}>
        <ViewerFrame viewerUrl={viewerUrl} title={`${sayShare('sharedPage')}: ${name}`} onPort={watch.attach} />
        <StageCover share={share} watch={watch} name={name} />
        <Refusal watch={watch} name={name} />
      </div>
      <ShareToolbar share={share} watch={watch} name={name} onFullScreen={() => toggleFullScreen(stage.current)} />
    </section>
  );
}

/** What stands over the picture while there is none to see. */
function StageCover({ share, watch, name }: { share: ShareView; watch: ShareWatch; name: string }) {
  const picture = watch.picture.value;
  const words =
    share.phase === 'paused'
      ? sayPause(share.pausedBecause, name)
      : picture === 'cleared'
        ? sayShare('cleared', { name })
        : picture === 'waiting'
          ? sayShare('starting', { name })
          : null;
  return (
    <div class={words === null ? styles.noCover : styles.cover} role="status">
      {words === null ? null : <p>{words}</p>}
    </div>
  );
}

function Refusal({ watch, name }: { watch: ShareWatch; name: string }) {
  const refusal = watch.refusal.value;
  useEffect(() => {
    if (refusal === null) return;
    const timer = setTimeout(watch.dismissRefusal, REFUSAL_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [refusal, watch]);
  return (
    <div class={styles.refusal} role="status">
      {refusal === null ? null : <p>{sayRefusal(refusal, name)}</p>}
    </div>
  );
}

/** Long enough to read one sentence twice. */
const REFUSAL_SHOWN_MS = 5_000;

function useShareWatch({ shareId, grants }: ShareView): ShareWatch | null {
  const { connection } = useWorkbench();
  const [watch, setWatch] = useState<ShareWatch | null>(null);
  useEffect(() => {
    const started = createShareWatch(connection, shareId);
    setWatch(started);
    return () => {
      setWatch(null);
      started.close();
    };
  }, [connection, shareId]);
  const granted = grants.map(({ grant }) => grant).join(' ');
  useEffect(() => watch?.setGrants(grants.map(({ grant }) => grant)), [watch, granted]);
  return watch;
}

function useViewerLook(watch: ShareWatch | null, visitorName: string, share: ShareView): void {
  const { desk } = useWorkbench();
  const { theme } = useWorkbench().settings.value;
  const spoken = language.value;
  const state = desk.state.value;
  const agentName = state.phase === 'ready' ? state.agent.name : '';
  useEffect(() => {
    const isDark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
    const startedAt = new Date(share.liveAt ?? share.allowedAt ?? share.askedAt);
    const watermark = `${agentName} · ${startedAt.toLocaleString(spoken, { dateStyle: 'short', timeStyle: 'short' })}`;
    watch?.setLook({ language: spoken, scheme: isDark ? 'dark' : 'light', visitorName, watermark });
  }, [watch, theme, spoken, visitorName, agentName]);
}

function toggleFullScreen(stage: HTMLElement | null): void {
  const done = document.fullscreenElement ? document.exitFullscreen() : stage?.requestFullscreen();
  // A browser that does not allow it leaves everything as it is.
  done?.catch(() => undefined);
}
