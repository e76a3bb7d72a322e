import { isPageOutdated, retryOrReload } from '../../connection/upgrade-watch.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { say } from '../texts.ts';
import type { ShareDoor } from './share-door.ts';

export interface SharePlaceProps {
  door: ShareDoor;
  /** The agent. */
  name: string;
  now: () => number;
}

/** Where sharing stands in the conversation; empty until its code is there. */
export function SharePlace({ door, name, now }: SharePlaceProps) {
  const opened = door.opened.value;
  if (opened !== null) {
    return <opened.module.ShareArea open={opened.open} offer={door.offer.value} name={name} now={now} />;
  }
  if (!door.hasFailed.value) return null;
  return (
    <Banner
      tone="bad"
      actions={
        <Button size="small" onClick={() => retryOrReload(door.retry)}>
          {say('tryAgain')}
        </Button>
      }
    >
      {say(isPageOutdated.value ? 'failureOutdated' : 'shareNotLoaded')}
    </Banner>
  );
}
