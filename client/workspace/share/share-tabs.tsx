import { Navigation } from 'lucide-preact';
import type { ShareView } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { joinClasses } from '../../ui/join-classes.ts';
import { ShareState } from './share-state.tsx';
import { sayShare } from './share-texts.ts';
import type { ShareWatch } from './share-watch.ts';
import { toSharedPath } from './share-words.ts';
import styles from './share-tabs.module.css';

/** The visitor's pages that are shared, the one on the screen, and which one the visitor looks at. */
export function ShareTabs({ share, watch, name }: { share: ShareView; watch: ShareWatch; name: string }) {
  const tabs = watch.tabs.value;
  const shown = watch.shownTab.value;
  return (
    <div class={styles.strip}>
      <div class={styles.tabs} role="group" aria-label={sayShare('tabs', { name })}>
        {tabs.map(({ tabId, title, url, isFront, state }) => (
          <button
            key={tabId}
            type="button"
            class={joinClasses(styles.tab, tabId === shown?.tabId && styles.shown)}
            aria-pressed={tabId === shown?.tabId}
            title={url}
            data-state={state}
            onClick={() => watch.chooseTab(tabId)}
          >
            {isFront ? (
              <>
                <span class={styles.front} aria-hidden="true" />
                <span class={styles.spoken}>{sayShare('frontTab', { name })}</span>
              </>
            ) : null}
            <span class={styles.title}>{title || toSharedPath(url)}</span>
            {title === '' ? null : <span class={styles.path}>{toSharedPath(url)}</span>}
          </button>
        ))}
      </div>
      {watch.isFollowingTabs.value || tabs.length < 2 ? null : (
        <Button size="small" variant="ghost" icon={<Navigation size={15} />} onClick={() => watch.chooseTab(null)}>
          {sayShare('followTab', { name })}
        </Button>
      )}
      <ShareState share={share} />
    </div>
  );
}
