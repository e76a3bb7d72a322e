import { CloudOff } from 'lucide-preact';
import type { ErrorCode } from '../../protocol/errors.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import styles from './status-screens.module.css';
import { PanelHeader } from './panel-header.tsx';
import { say } from './texts.ts';
import type { Widget } from './widget.ts';
import { sayFailure } from './words.ts';

/** The panel in its own shape while the server has not answered yet. */
export function LoadingScreen({ widget, isSlow, onRetry }: { widget: Widget; isSlow: boolean; onRetry(): void }) {
  return (
    <>
      <PanelHeader widget={widget} title={say('loading')} />
      <div class={styles.loading} aria-busy="true">
        <Skeleton width="36%" height="26px" />
        <Skeleton width="72%" height="16px" />
        <Skeleton height="70px" radius="12px" />
        <Skeleton height="70px" radius="12px" />
        <Skeleton height="70px" radius="12px" />
        <p class={styles.slow} role="status">
          {isSlow ? say('loadingSlow') : null}
        </p>
        {isSlow ? <Button onClick={onRetry}>{say('tryAgain')}</Button> : null}
      </div>
    </>
  );
}

export function FailedScreen({ widget, code, onRetry }: { widget: Widget; code: ErrorCode; onRetry(): void }) {
  return (
    <>
      <PanelHeader widget={widget} title={say('panel')} />
      <EmptyState
        icon={<CloudOff size={22} />}
        title={say('failedTitle')}
        actions={
          <Button variant="primary" size="large" onClick={onRetry}>
            {say('tryAgain')}
          </Button>
        }
      >
        {sayFailure(code)}
      </EmptyState>
    </>
  );
}
