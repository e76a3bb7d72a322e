import { Eye, Hand, MonitorUp, Pause } from 'lucide-preact';
import { Button } from '../../ui/button.tsx';
import { joinClasses } from '../../ui/join-classes.ts';
import { sayShare } from '../../ui/share/share-texts.ts';
import { DurationTimer } from '../../ui/duration-timer.tsx';
import { sayChange } from './change-sharing.tsx';
import type { OpenShare } from './open-share.ts';
import { toTimer } from './share-area.tsx';
import { PageDecision, ScreenDecision } from './share-decision.tsx';
import pill from '../pill.module.css';
import styles from './share-pill.module.css';
import { sayAskedGrant, sayShared } from './share-words.ts';
import { sayVisitorShare as say } from './visitor-share-texts.ts';

export interface SharePillProps {
  open: OpenShare;
  name: string;
  now: () => number;
  /** Opens the panel. */
  onAnswer(): void;
}

/** What stands above the minimised button: the banner in small, a question that waits, or what is being chosen. */
export function SharePill({ open, name, now, onAnswer }: SharePillProps) {
  const { share, screen } = open;
  const picking = share.picking.value;
  if (picking !== null) {
    return (
      <div class={pill.pill} role="status">
        <span class={pill.words}>
          <b>{say(picking.purpose === 'only' ? 'pickOnly' : 'pickHide')}</b>
          <span class={styles.hint}>{say(matchMedia('(pointer: coarse)').matches ? 'pickByTouch' : 'pickByKeys')}</span>
        </span>
        <span class={styles.actions}>
          {picking.isForAllow ? null : <EndAct onEnd={share.end} />}
          <Button size="small" onClick={share.cancelPick}>
            {say('cancel')}
          </Button>
        </span>
      </div>
    );
  }
  const page = share.share.value;
  const picture = screen.share.value;
  const question =
    page?.phase === 'asked'
      ? say('asksToSee', { name })
      : picture?.phase === 'asked'
        ? say('asksToSeeScreen', { name })
        : share.askedPage.value !== null
          ? say('asksOpen', { name })
          : page?.askedGrant
            ? sayAskedGrant(page.askedGrant, name)
            : null;
  return (
    <>
      {question === null ? null : (
        <div class={pill.pill} role="status">
          <Hand size={16} />
          <span class={pill.words}>{question}</span>
          <Button size="small" variant="primary" onClick={onAnswer}>
            {say('answer')}
          </Button>
        </div>
      )}
      {[page, picture].map((view) =>
        view === null || view.phase === 'asked' ? null : (
          <section
            key={view.shareId}
            class={joinClasses(pill.pill, styles.sharing, view.phase === 'paused' && styles.paused)}
            aria-label={sayShare('banner')}
          >
            <div class={styles.row}>
              {view.phase === 'paused' ? (
                <Pause size={16} />
              ) : view.kind === 'screen' ? (
                <MonitorUp size={16} />
              ) : (
                <Eye size={16} />
              )}
              <span class={pill.words}>
                <span>{view.sharer === 'agent' ? say('agentSharesShort', { name }) : sayShared(view, name)}</span>
                <PillTimer timer={toTimer(view, now)} />
                {view.isRecorded ? <span class={styles.recorded}>{sayShare('recorded')}</span> : null}
              </span>
              <span class={styles.actions}>
                <EndAct onEnd={view.kind === 'screen' ? screen.end : share.end} />
                {view.sharer === 'visitor' ? (
                  <button
                    type="button"
                    class={styles.act}
                    aria-haspopup="dialog"
                    onClick={() => {
                      open.changing.value = view.kind;
                      onAnswer();
                    }}
                  >
                    {sayChange(open.offer.value)}
                  </button>
                ) : null}
              </span>
            </div>
            {view.phase !== 'paused' || view.sharer === 'agent' ? null : view.kind === 'screen' ? (
              <ScreenDecision resume={screen.resume} />
            ) : (
              <PageDecision view={view} share={share} />
            )}
          </section>
        ),
      )}
    </>
  );
}

function EndAct({ onEnd }: { onEnd(): void }) {
  return (
    <button type="button" class={joinClasses(styles.act, styles.end)} onClick={onEnd}>
      {sayShare('endShare')}
    </button>
  );
}

function PillTimer({ timer }: { timer: ReturnType<typeof toTimer> }) {
  return timer === null ? null : (
    <span class={styles.hint}>
      <DurationTimer {...timer} label={sayShare('duration')} />
    </span>
  );
}
