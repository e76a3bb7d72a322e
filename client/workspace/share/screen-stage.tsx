import { Expand, Maximize, Minimize2, MonitorUp, Volume2, VolumeX } from 'lucide-preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { toWatermarkImage } from '../../../cobrowse/watermark-image.ts';
import type { AgentConversationView } from '../../../protocol/conversations.ts';
import type { ShareView } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { ScreenStyleChoice } from '../../ui/share/screen-style-choice.tsx';
import { sayScreen } from '../../ui/share/screen-texts.ts';
import type { SharedScreen } from '../../ui/share/shared-screen.ts';
import { useWorkbench } from '../workbench.ts';
import { EndButton } from './share-toolbar.tsx';
import { ShareState } from './share-state.tsx';
import { sayShare } from './share-texts.ts';
import { sayPause, sayScope } from './share-words.ts';
import { toggleFullScreen } from './toggle-full-screen.ts';
import { useWatermark } from './use-watermark.ts';
import cover from './covered-picture.module.css';
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
  const isSilent = useSignal(false);
  const screen = screens.find(share.shareId);
  const picture = share.phase === 'paused' ? null : (screen?.picture.value ?? null);
  const hasSound = !isOwn && (picture?.getAudioTracks().length ?? 0) > 0;
  const watermark = useWatermark(share);
  const title = isOwn ? sayShare('ownScreen') : sayShare('screenOf', { name });

  useEffect(() => screens.look(conversation.conversationId), [screens, conversation.conversationId]);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    element.srcObject = picture;
    // A browser may refuse sound before the first click; the picture is what counts.
    if (picture === null) return;
    element.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      isSilent.value = true;
      element.muted = true;
      void element.play().catch(() => undefined);
    });
  }, [picture]);

  return (
    <section class={styles.stage} aria-label={title} ref={stage}>
      <div class={tabStyles.strip}>
        <p class={tabStyles.heading}>{title}</p>
        <ShareState share={share} />
      </div>
      <div class={cover.picture}>
        <div class={isFit.value ? cover.fitted : cover.actual}>
          <video
            ref={video}
            class={cover.video}
            aria-label={title}
            autoplay
            playsInline
            muted={isOwn || isSilent.value}
          />
        </div>
        {isOwn || picture === null ? null : (
          <div
            class={cover.watermark}
            style={{ backgroundImage: toWatermarkImage(watermark) }}
            data-watermark={watermark}
            aria-hidden="true"
          />
        )}
        {picture === null ? <Cover share={share} screen={screen} name={name} /> : null}
      </div>
      <div class={barStyles.bar}>
        <p class={barStyles.words}>
          <span class={barStyles.scope}>{sayScope(share).join(' · ')}</span>
        </p>
        {isOwn && screen?.isShownHere.value ? (
          <ScreenStyleChoice chosen={screen.style.value} onChoose={screen.setStyle} />
        ) : null}
        <span class={barStyles.view}>
          {isOwn && screens.isPossible ? (
            <Button
              size="small"
              variant="ghost"
              label={sayScreen('another')}
              icon={<MonitorUp size={16} />}
              onClick={() => void screen?.show()}
            />
          ) : null}
          {hasSound ? (
            <Button
              size="small"
              variant="ghost"
              label={sayScreen(isSilent.value ? 'soundOn' : 'soundOff')}
              icon={isSilent.value ? <VolumeX size={16} /> : <Volume2 size={16} />}
              onClick={() => (isSilent.value = !isSilent.value)}
            />
          ) : null}
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

/** What stands in place of the picture while there is none to see. */
function Cover({ share, screen, name }: { share: ShareView; screen: SharedScreen | undefined; name: string }) {
  const state = screen?.watched.value?.state.value;
  const isOwnElsewhere = share.sharer === 'agent' && share.phase !== 'paused';
  if (state?.phase === 'ended' || state?.phase === 'failed') {
    const isElsewhere = state.phase === 'ended' || state.code === 'call-in-other-tab';
    return (
      <div class={cover.cover} role="status">
        <p>{sayScreen(isElsewhere ? 'elsewhere' : 'notHere')}</p>
        <Button size="small" onClick={screen?.watchHere}>
          {sayScreen(isElsewhere ? 'showHere' : 'tryAgain')}
        </Button>
      </div>
    );
  }
  return (
    <div class={cover.cover} role="status">
      <p>
        {share.phase === 'paused'
          ? sayPause(share.pausedBecause, name)
          : isOwnElsewhere
            ? sayScreen('ownElsewhere')
            : sayShare('screenStarting', { name })}
      </p>
    </div>
  );
}
