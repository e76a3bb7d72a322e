import { Expand, Maximize, Minimize2 } from 'lucide-preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AgentConversationView } from '../../../protocol/conversations.ts';
import type { ShareView } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { useWorkbench } from '../workbench.ts';
import { EndButton } from './share-toolbar.tsx';
import { ShareState } from './share-state.tsx';
import { sayShare } from './share-texts.ts';
import { sayPause, sayScope } from './share-words.ts';
import { toggleFullScreen } from './toggle-full-screen.ts';
import styles from './share-stage.module.css';
import tabStyles from './share-tabs.module.css';
import barStyles from './share-toolbar.module.css';

/** The screen that one of the two shows, as large as there is room. */
export function ScreenStage({ conversation, share }: { conversation: AgentConversationView; share: ShareView }) {
  const { screens } = useWorkbench();
  const stage = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const isFit = useSignal(true);
  const { name } = conversation.visitor;
  const isOwn = share.sharer === 'agent';
  const picture = share.phase === 'paused' ? null : (screens?.pictureOf(share.shareId).value ?? null);
  const title = isOwn ? sayShare('ownScreen') : sayShare('screenOf', { name });

  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    element.srcObject = picture;
    // A browser may refuse sound before the first click; the picture is what counts.
    if (picture !== null) void element.play().catch(() => undefined);
  }, [picture]);

  return (
    <section class={styles.stage} aria-label={title} ref={stage}>
      <div class={tabStyles.strip}>
        <p class={tabStyles.heading}>{title}</p>
        <ShareState share={share} />
      </div>
      <div class={styles.picture}>
        <div class={isFit.value ? styles.fitted : styles.actual}>
          <video ref={video} class={styles.video} aria-label={title} autoplay playsInline muted={isOwn} />
        </div>
        {picture === null ? (
          <div class={styles.cover} role="status">
            <p>
              {share.phase === 'paused' ? sayPause(share.pausedBecause, name) : sayShare('screenStarting', { name })}
            </p>
          </div>
        ) : null}
      </div>
      <div class={barStyles.bar}>
        <p class={barStyles.words}>{sayScope(share).join(' · ')}</p>
        <span class={barStyles.view}>
          <Button
            size="small"
            variant="ghost"
            label={sayShare(isFit.value ? 'actualSize' : 'fit')}
            icon={isFit.value ? <Maximize size={16} /> : <Minimize2 size={16} />}
            onClick={() => (isFit.value = !isFit.value)}
          />
          <Button
            size="small"
            variant="ghost"
            label={sayShare('fullScreen')}
            icon={<Expand size={16} />}
            onClick={() => toggleFullScreen(stage.current)}
          />
        </span>
        <EndButton share={share} />
      </div>
    </section>
  );
}
