import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { FakeStream, FakeTrack } from '../../../media/browser/_support/fake-track.ts';
import type { CallState } from '../../../media/browser/call-state.ts';
import { ScreenFault } from '../../../media/browser/screen-capture.ts';
import type { ScreenSession, ScreenSessionOptions } from '../../../media/browser/screen-session.ts';
import type { ConversationId, ShareId } from '../../../protocol/ids.ts';
import type { ShareView } from '../../../protocol/sharing.ts';
import { settle } from '../../connection/testing/manual-clock.ts';
import { createFakeShareLink } from '../../widget/share/testing/fake-share-link.ts';
import { createSharedScreen } from './shared-screen.ts';

const conversationId = 'conversation' as ConversationId;

function viewOf(change: Partial<ShareView> = {}): ShareView {
  return {
    shareId: 'share' as ShareId,
    conversationId,
    revision: 1,
    kind: 'screen',
    sharer: 'visitor',
    askedBy: 'visitor',
    phase: 'allowed',
    scopeNumber: 0,
    scope: { kind: 'screen', surface: 'window' },
    pausedBecause: null,
    grants: [],
    askedGrant: null,
    watchers: [],
    isRecorded: false,
    askedAt: 0,
    allowedAt: 0,
    liveAt: null,
    endedAt: null,
    endReason: null,
    ...change,
  };
}

function world() {
  const link = createFakeShareLink();
  const told = signal<ShareView | null>(null);
  const isLooking = signal(false);
  const opened: (ScreenSessionOptions & { sent: (MediaStream | null)[]; isClosed: boolean })[] = [];
  const state = signal<CallState>({ phase: 'connected', isShaky: false, rejoins: 0 });
  let refusal: ScreenFault | null = null;
  let reconnect: () => void = () => undefined;
  const chosen: { picture: FakeTrack; sound: FakeTrack }[] = [];
  const screen = createSharedScreen({
    link,
    signalling: {
      request: () => Promise.reject(new Error('The session is a fake.')),
      on: () => () => undefined,
      onReconnected(handler) {
        reconnect = handler;
        return () => undefined;
      },
    },
    party: 'visitor',
    told,
    isLooking,
    conversationId: () => conversationId,
    learn: (share) => (told.value = share),
    loadSessions: async () => (options) => {
      const session = { ...options, sent: [] as (MediaStream | null)[], isClosed: false };
      opened.push(session);
      return {
        state,
        received: signal(null),
        send: (stream) => void session.sent.push(stream),
        retry: () => undefined,
        close: () => void (session.isClosed = true),
      } satisfies ScreenSession;
    },
    async capture() {
      if (refusal !== null) throw refusal;
      const tracks = {
        picture: new FakeTrack('video', { displaySurface: 'window' } as MediaTrackSettings),
        sound: new FakeTrack('audio'),
      };
      chosen.push(tracks);
      return new FakeStream([tracks.picture, tracks.sound]);
    },
  });
  return {
    link,
    told,
    isLooking,
    opened,
    state,
    chosen,
    screen,
    reconnect: () => reconnect(),
    refuse: (fault: ScreenFault | null) => (refusal = fault),
    async show() {
      void screen.show();
      await settle();
      const request = link.take('share:share-screen');
      await request.answer({ share: viewOf() });
      return request.input;
    },
  };
}

test('[M11] what was chosen is sent once the server knows of the share, over a seat of this page', async () => {
  const { screen, opened, chosen, show } = world();
  expect(await show()).toEqual({ conversationId, shareId: null, surface: 'window' });
  expect(screen.isShownHere.value).toBe(true);
  expect(opened).toMatchObject([{ callId: 'share', takeOver: true, isClosed: false }]);
  expect(opened[0]?.sent.at(-1)?.getVideoTracks()).toEqual([chosen[0]?.picture]);
});

test('[M11] END stops the tracks at once, whatever the server says', async () => {
  const { screen, link, opened, chosen, show } = world();
  await show();
  screen.end();
  expect(chosen[0]).toMatchObject({ picture: { readyState: 'ended' }, sound: { readyState: 'ended' } });
  expect(opened[0]?.isClosed).toBe(true);
  expect(screen.share.value).toBeNull();
  expect(link.take('share:end-share').input).toEqual({ shareId: 'share', reason: 'by-person' });
});

test('[M11] the browser’s own stop ends the share, also of its sound', async () => {
  const { link, chosen, show } = world();
  await show();
  chosen[0]?.picture.endByDevice();
  expect(link.take('share:end-share').input).toEqual({ shareId: 'share', reason: 'stopped-in-browser' });
  expect(chosen[0]?.sound.readyState).toBe('ended');
});

test('[SH11] ended by the other side, nothing is filmed any longer', async () => {
  const { told, chosen, show, screen } = world();
  await show();
  told.value = viewOf({ phase: 'ended', endReason: 'ended-by-viewer', revision: 2 });
  expect(chosen[0]?.picture.readyState).toBe('ended');
  expect(screen.isShownHere.value).toBe(false);
});

test('[B3] another surface takes the place of the first in the same share, and the end of the first ends nothing', async () => {
  const { link, opened, chosen, show } = world();
  await show();
  expect(await show()).toMatchObject({ shareId: 'share' });
  expect(chosen[0]?.picture.readyState).toBe('ended');
  expect(chosen[1]?.picture.readyState).toBe('live');
  expect(opened).toHaveLength(1);
  expect(opened[0]?.sent.at(-1)?.getVideoTracks()).toEqual([chosen[1]?.picture]);
  expect(link.names).not.toContain('share:end-share');
});

test('[M14] who chooses nothing reads why nothing is shown, and what was shown before goes on', async () => {
  const { screen, link, chosen, refuse, show } = world();
  refuse(new ScreenFault('screen-refused'));
  await screen.show();
  expect(screen.fault.value).toBe('screen-refused');
  expect(link.names).toEqual([]);
  refuse(null);
  await show();
  expect(screen.fault.value).toBeNull();
  refuse(new ScreenFault('screen-refused'));
  await screen.show();
  expect(chosen[0]?.picture.readyState).toBe('live');
});

test('[SH13] what the server refuses is not filmed either', async () => {
  const { screen, link, chosen } = world();
  void screen.show();
  await settle();
  await link.take('share:share-screen').refuse('share-not-allowed');
  expect(chosen[0]?.picture.readyState).toBe('ended');
  expect(screen.fault.value).toBe('share-not-allowed');
});

test('[SH19] after a lost connection the very same share goes on, and no new one begins', async () => {
  const { link, reconnect, show, chosen, told } = world();
  await show();
  reconnect();
  const again = link.take('share:share-screen');
  expect(again.input).toEqual({ conversationId, shareId: 'share', surface: 'window' });
  told.value = null;
  await again.refuse('share-ended');
  expect(chosen[0]?.picture.readyState).toBe('ended');
});

test('[CA27] a picture that cannot be carried ends its share as failed', async () => {
  const { screen, state, link, show } = world();
  await show();
  state.value = { phase: 'failed', code: 'media-unavailable', message: '' };
  expect(screen.fault.value).toBe('media-unavailable');
  expect(link.take('share:end-share').input).toMatchObject({ reason: 'failed' });
});

test('[M11] the other side’s screen is brought while somebody looks, and from here alone when asked', async () => {
  const { screen, told, isLooking, opened } = world();
  told.value = viewOf({ sharer: 'agent', phase: 'live' });
  await settle();
  expect(opened).toEqual([]);
  isLooking.value = true;
  await settle();
  expect(opened).toMatchObject([{ takeOver: false }]);
  screen.watchHere();
  await settle();
  expect(opened).toMatchObject([{ isClosed: true }, { takeOver: true }]);
  isLooking.value = false;
  expect(opened[1]?.isClosed).toBe(true);
});

test('[M11] "Smooth video" marks the picture for movement, "Sharp text" for detail', async () => {
  const { screen, opened, chosen, show } = world();
  await show();
  const before = opened[0]?.sent.length ?? 0;
  screen.setStyle('smooth-video');
  expect(chosen[0]?.picture.contentHint).toBe('motion');
  expect(opened[0]?.sent.length).toBe(before + 1);
  screen.setStyle('sharp-text');
  expect(chosen[0]?.picture.contentHint).toBe('detail');
});
