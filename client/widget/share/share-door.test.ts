import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { makeActiveConversation, makeAvailability, makeSite } from '../widget-fixtures.ts';
import { createWidgetState, nextWidgetState } from '../widget-state.ts';
import type { PopOut } from '../pop-out/pop-out.ts';
import type { Widget } from '../widget.ts';
import type { OpenShare } from './open-share.ts';
import { createShareDoor, type ShareModule } from './share-door.ts';

/** A door of a conversation in which nothing is shared yet; the code of sharing is there and may fail to begin. */
function createDoor() {
  let isFailing = true;
  const offered: string[] = [];
  const state = signal(
    nextWidgetState(createWidgetState({ isOpen: true, isPoppedOut: false, dismissedId: null }), {
      kind: 'session-started',
      site: makeSite(),
      availability: makeAvailability(),
      profile: null,
      conversation: makeActiveConversation(),
    }),
  );
  const sideOf = (kind: string) => ({ isOffering: signal(false), offer: () => void offered.push(kind) });
  // As much of sharing and of the widget as the door touches.
  const open = { share: sideOf('page'), screen: sideOf('screen'), close: () => undefined } as Partial<OpenShare>;
  const module: Partial<ShareModule> = {
    async openShare() {
      if (isFailing) throw new Error('This browser keeps its storage to itself.');
      return open as OpenShare;
    },
  };
  const door = createShareDoor({ state, isFramed: true } as Partial<Widget> as Widget, {
    canShowScreen: true,
    popOut: {} as Partial<PopOut> as PopOut,
    load: async () => module as ShareModule,
  });
  return { door, offered, mend: () => void (isFailing = false) };
}

test('[SH42] sharing that could not begin says so, and can be tried again without loading the page anew', async () => {
  const { door, offered, mend } = createDoor();
  door.offerShare('screen');
  await expect.poll(() => door.hasFailed.value).toBe(true);
  expect(door.opened.value).toBeNull();
  mend();
  door.offerShare('screen');
  await expect.poll(() => offered).toEqual(['screen']);
  expect(door.hasFailed.value).toBe(false);
  door.close();
});
