import type { ConversationView } from '../../../protocol/conversations.ts';
import { isPageOutdated, retryOrReload } from '../../connection/upgrade-watch.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { sayShare } from '../../ui/share/share-texts.ts';
import { say } from '../texts.ts';
import type { Widget } from '../widget.ts';
import type { ShareDoor } from './share-door.ts';

export interface ShareMissingProps {
  widget: Widget;
  door: ShareDoor;
  conversation: ConversationView;
}

/**
 * The code of sharing did not come. This tab shows nothing without it; what is shared all the same can be ended here.
 * Comes with the widget itself, because no other code may be missing for it.
 */
export function ShareMissing({ widget, door, conversation }: ShareMissingProps) {
  if (!door.hasFailed.value || conversation.phase === 'ended') return null;
  const running = conversation.shares.filter(({ phase }) => phase !== 'asked' && phase !== 'ended');
  const end = () => {
    for (const { shareId } of running) {
      // Refused or unanswered it still runs, and END still stands here.
      widget.connection.request('share:end-share', { shareId }).catch(() => undefined);
    }
  };
  return (
    <Banner
      tone="bad"
      actions={
        <>
          <Button size="small" onClick={() => retryOrReload(door.retry)}>
            {say('tryAgain')}
          </Button>
          {running.length === 0 ? null : (
            <Button size="small" onClick={end}>
              {sayShare('endShare')}
            </Button>
          )}
        </>
      }
    >
      {say(isPageOutdated.value ? 'failureOutdated' : 'shareNotLoaded')}
    </Banner>
  );
}
