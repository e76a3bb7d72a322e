import {
  Expand,
  Eye,
  Highlighter,
  Locate,
  LocateFixed,
  Maximize,
  Minimize2,
  MousePointer2,
  MousePointerClick,
  Pencil,
  Sparkle,
  Square,
} from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { ShareGrantName, ShareView } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { joinClasses } from '../../ui/join-classes.ts';
import { useWorkbench } from '../workbench.ts';
import { GrantsMenu } from './grants-menu.tsx';
import { Segments } from './segments.tsx';
import { sayShare } from './share-texts.ts';
import type { ShareWatch } from './share-watch.ts';
import { sayNotShown, sayScope } from './share-words.ts';
import { isToolGiven } from './tool-grants.ts';
import styles from './share-toolbar.module.css';

const TOOLS = [
  { value: 'look', icon: <Eye size={16} /> },
  { value: 'point', icon: <MousePointer2 size={16} /> },
  { value: 'laser', icon: <Sparkle size={16} /> },
  { value: 'ink', icon: <Pencil size={16} /> },
  { value: 'highlight', icon: <Highlighter size={16} /> },
  { value: 'act', icon: <MousePointerClick size={16} /> },
] as const;

interface ShareToolbarProps {
  share: ShareView;
  watch: ShareWatch;
  name: string;
  offeredGrants: readonly ShareGrantName[];
  onFullScreen(): void;
}

/** Below the picture: tools, permissions, what is shared, how it is seen, and the end. */
export function ShareToolbar({ share, watch, name, offeredGrants, onFullScreen }: ShareToolbarProps) {
  const given = share.grants.map(({ grant }) => grant);
  return (
    <div class={joinClasses(styles.bar, styles.crowded)}>
      <span class={styles.means}>
        <Segments
          label={sayShare('tools')}
          chosen={watch.tool.value}
          choices={TOOLS.map(({ value, icon }) => ({
            value,
            icon,
            words: sayShare(value),
            isOff: !isToolGiven(value, given),
          }))}
          hasIconsOnly
          onChoose={(tool) => (isToolGiven(tool, given) ? watch.setTool(tool) : watch.refuse('ask-first'))}
        />
        <GrantsMenu share={share} name={name} offeredGrants={offeredGrants} />
      </span>
      <SharedWords share={share} watch={watch} />
      <span class={styles.view}>
        <FitButton watch={watch} />
        <Button
          size="small"
          variant="ghost"
          aria-pressed={watch.isFollowing.value}
          label={sayShare('follow', { name })}
          icon={watch.isFollowing.value ? <LocateFixed size={16} /> : <Locate size={16} />}
          onClick={() => watch.setFollowing(!watch.isFollowing.value)}
        />
        <Button
          size="small"
          variant="ghost"
          label={sayShare('fullScreen')}
          icon={<Expand size={16} />}
          onClick={onFullScreen}
        />
      </span>
      <EndButton share={share} />
    </div>
  );
}

function FitButton({ watch }: { watch: ShareWatch }) {
  const isFit = watch.fit.value === 'fit';
  return (
    <Button
      size="small"
      variant="ghost"
      label={sayShare(isFit ? 'actualSize' : 'fit')}
      icon={isFit ? <Maximize size={16} /> : <Minimize2 size={16} />}
      onClick={() => watch.setFit(isFit ? 'actual-size' : 'fit')}
    />
  );
}

/** What is shared, and what of it cannot be shown here. */
function SharedWords({ share, watch }: { share: ShareView; watch: ShareWatch }) {
  const scope = sayScope(share).join(' · ');
  const missing = sayNotShown(watch.notShown.value);
  return (
    <p class={styles.words}>
      <span class={styles.scope} title={scope}>
        {scope}
      </span>
      {missing === null ? null : (
        <span class={styles.missing} title={missing}>
          {missing}
        </span>
      )}
    </p>
  );
}

export function EndButton({ share }: { share: ShareView }) {
  const { actions, screens } = useWorkbench();
  const [isEnding, setEnding] = useState(false);
  const end = (): void => {
    const screen = screens.find(share.shareId);
    // The agent's own tracks stop here, before the server knows.
    if (screen?.isShownHere.peek()) {
      screen.end();
      return;
    }
    setEnding(true);
    void actions.endShare(share.shareId).finally(() => setEnding(false));
  };
  return (
    <Button size="small" variant="danger" icon={<Square size={14} />} isBusy={isEnding} onClick={end}>
      {sayShare('end')}
    </Button>
  );
}
