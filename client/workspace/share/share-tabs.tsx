import { Navigation } from 'lucide-preact';
import { Button } from '../../ui/button.tsx';
import { joinClasses } from '../../ui/join-classes.ts';
import { sayShare } from './share-texts.ts';
import type { ShareWatch } from './share-watch.ts';
import styles from './share-tabs.module.css';

/** The visitor's pages that are shared: the one on the screen, and which one the visitor looks at. */
export function ShareTabs({ watch, name }: { watch: ShareWatch; name: string }) {
  const tabs = watch.tabs.value;
  const shown = watch.shownTab.value;
  if (tabs.length === 0) return null;
  return (
    <div class={styles.strip}>
      <div class={styles.tabs} role="group" aria-label={sayShare('tabs', { name })}>
        {tabs.map(({ tabId, title, url, isFront }) => (
          <button
            key={tabId}
            type="button"
            class={joinClasses(styles.tab, tabId === shown?.tabId && styles.shown)}
            aria-pressed={tabId === shown?.tabId}
            title={url}
            onClick={() => watch.chooseTab(tabId)}
          >
            {isFront ? <span class={styles.front} title={sayShare('frontTab')} /> : null}
            <span class={styles.title}>{title || toPath(url)}</span>
            <span class={styles.path}>{toPath(url)}</span>
          </button>
        ))}
      </div>
      {watch.isFollowingTabs.value || tabs.length < 2 ? null : (
        <Button size="small" variant="ghost" icon={<Navigation size={15} />} onClick={() => watch.chooseTab(null)}>
          {sayShare('followTab', { name })}
        </Button>
      )}
    </div>
  );
}

function toPath(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
