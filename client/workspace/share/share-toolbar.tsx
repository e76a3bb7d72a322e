import {
  Expand,
  Eye,
  Highlighter,
  Maximize,
  Minimize2,
  MousePointer2,
  MousePointerClick,
  Pencil,
  Sparkle,
  Square,
} from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import type { ViewerTool } from '../../../cobrowse/viewer/viewer-messages.ts';
import type { ShareGrantName, ShareView } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { joinClasses } from '../../ui/join-classes.ts';
import { useWorkbench } from '../workbench.ts';
import { GrantsMenu } from './grants-menu.tsx';
import { sayShare } from './share-texts.ts';
import type { ShareWatch } from './share-watch.ts';
import { sayScope } from './share-words.ts';
import styles from './share-toolbar.module.css';

/** What each tool needs; looking needs nothing. */
const TOOLS: readonly { tool: ViewerTool; needs: readonly ShareGrantName[]; icon: ComponentChildren }[] = [
  { tool: 'look', needs: [], icon: <Eye size={16} /> },
  { tool: 'point', needs: ['point'], icon: <MousePointer2 size={16} /> },
  { tool: 'laser', needs: ['point'], icon: <Sparkle size={16} /> },
  { tool: 'ink', needs: ['draw'], icon: <Pencil size={16} /> },
  { tool: 'highlight', needs: ['point'], icon: <Highlighter size={16} /> },
  { tool: 'act', needs: ['click-and-type', 'scroll'], icon: <MousePointerClick size={16} /> },
];

interface ShareToolbarProps {
  share: ShareView;
  watch: ShareWatch;
  name: string;
  onFullScreen(): void;
}

/** Below the picture: tools, permissions, size, and what is shared. */
export function ShareToolbar({ share, watch, name, onFullScreen }: ShareToolbarProps) {
  const { actions } = useWorkbench();
  const granted = new Set(share.grants.map(({ grant }) => grant));
  const isFit = watch.fit.value === 'fit';
  const missing = Object.keys(watch.notShown.value) as (keyof typeof MISSING)[];
  return (
    <div class={styles.bar}>
      <div class={styles.tools} role="group" aria-label={sayShare('tools')}>
        {TOOLS.map(({ tool, needs, icon }) => (
          <button
            key={tool}
            type="button"
            class={joinClasses(styles.tool, watch.tool.value === tool && styles.chosen)}
            aria-pressed={watch.tool.value === tool}
            aria-label={sayShare(tool)}
            title={sayShare(tool)}
            disabled={needs.length > 0 && !needs.some((grant) => granted.has(grant))}
            onClick={() => watch.setTool(tool)}
          >
            {icon}
          </button>
        ))}
      </div>
      <GrantsMenu share={share} name={name} />
      <p class={styles.words}>
        {sayScope(share).join(' · ')}
        {missing.length === 0 ? null : (
          <span class={styles.missing}>
            {sayShare('notShown', {
              list: missing
                .filter((each) => each in MISSING)
                .map((each) => sayShare(each))
                .join(', '),
            })}
          </span>
        )}
      </p>
      <Button
        size="small"
        variant="ghost"
        aria-pressed={!isFit}
        label={isFit ? sayShare('actualSize') : sayShare('fit')}
        icon={isFit ? <Maximize size={16} /> : <Minimize2 size={16} />}
        onClick={() => watch.setFit(isFit ? 'actual-size' : 'fit')}
      />
      <button
        type="button"
        class={joinClasses(styles.follow, watch.isFollowing.value && styles.chosen)}
        aria-pressed={watch.isFollowing.value}
        onClick={() => watch.setFollowing(!watch.isFollowing.value)}
      >
        {sayShare('follow')}
      </button>
      <Button
        size="small"
        variant="ghost"
        label={sayShare('fullScreen')}
        icon={<Expand size={16} />}
        onClick={onFullScreen}
      />
      <Button
        size="small"
        variant="danger"
        icon={<Square size={14} />}
        onClick={() => void actions.endShare(share.shareId)}
      >
        {sayShare('end')}
      </Button>
    </div>
  );
}

const MISSING = { canvas: 1, 'closed-shadow-root': 1, 'foreign-frame': 1, media: 1, plugin: 1 } as const;
