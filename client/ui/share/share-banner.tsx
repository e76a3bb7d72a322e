import type { ComponentChildren, Ref } from 'preact';
import { joinClasses } from '../join-classes.ts';
import { DurationTimer, type DurationTimerProps } from '../duration-timer.tsx';
import { sayShare } from './share-texts.ts';
import styles from './share-banner.module.css';

export interface ShareBannerProps {
  icon: ComponentChildren;
  /** What is shared: "You are sharing this page". */
  title: string;
  /** Further facts, each a short line: with whom, what is hidden. */
  details: readonly string[];
  timer: DurationTimerProps | null;
  isRecorded: boolean;
  isPaused?: boolean;
  onEnd(): void;
  /** Stands under "END SCREEN SHARE", such as the button that opens "CHANGE SHARING". */
  change?: ComponentChildren;
  /** A line below with something to decide. */
  children?: ComponentChildren;
  bannerRef?: Ref<HTMLElement>;
}

/** What is shared, with whom, for how long, and the way out of it: never subtle, in every state (B2). */
export function ShareBanner(props: ShareBannerProps) {
  const { icon, title, details, timer, isRecorded, isPaused = false, onEnd, change, children, bannerRef } = props;
  return (
    <section
      class={joinClasses(styles.banner, isPaused && styles.paused)}
      aria-label={sayShare('banner')}
      ref={bannerRef ?? null}
      tabIndex={-1}
    >
      <div class={styles.row}>
        <span class={styles.icon}>{icon}</span>
        <div class={styles.words}>
          <p class={styles.title}>{title}</p>
          <p class={styles.details}>
            {details.map((detail) => (
              <span key={detail}>{detail}</span>
            ))}
            {timer === null ? null : <DurationTimer {...timer} label={sayShare('duration')} />}
          </p>
          {isRecorded ? (
            <p class={styles.recorded}>
              <span class={styles.dot} aria-hidden="true" />
              {sayShare('recorded')}
            </p>
          ) : null}
        </div>
        <div class={styles.actions}>
          <button type="button" class={styles.end} onClick={onEnd}>
            {sayShare('endShare')}
          </button>
          {change}
        </div>
      </div>
      {children}
      {/* Read out whenever it changes; the timer is left out of it. */}
      <p class={styles.unseen} role="status">
        {[title, ...details].join('. ')}
      </p>
    </section>
  );
}
