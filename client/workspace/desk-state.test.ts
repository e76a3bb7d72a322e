import { describe, expect, test } from 'vitest';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { AgentId, ShareId } from '../../protocol/ids.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import {
  agentAda,
  callOf,
  conversationOf,
  idOf,
  messageOf,
  MINUTE_MS,
  NINE_OCLOCK,
  offerOf,
  sessionOf,
  shareOf,
} from './desk-fixtures.ts';
import { countUnread, emptyDesk, listConversations, nextDesk, whyNoRequests } from './desk-state.ts';
import type { DeskEvent, ReadyDesk } from './desk-state.ts';

function deskAfter(session: Parameters<typeof sessionOf>[0], ...events: DeskEvent[]): ReadyDesk {
  const start = { kind: 'session-started', session: sessionOf(session), receivedAt: NINE_OCLOCK } as const;
  const desk = [start, ...events].reduce(nextDesk, emptyDesk);
  if (desk.phase !== 'ready') throw new Error('The desk never became ready.');
  return desk;
}

const one = conversationOf(1);
const visitorSays = (seq: number, text?: string): DeskEvent => ({
  kind: 'message-added',
  conversationId: one.conversationId,
  message: messageOf(seq, text === undefined ? {} : { text }),
});
const agentSays = (seq: number): DeskEvent => ({
  kind: 'message-added',
  conversationId: one.conversationId,
  message: messageOf(seq, { sender: { kind: 'agent', name: 'Ada Lind' } }),
});
const onlyOne = (desk: ReadyDesk): AgentConversationView => {
  const conversation = desk.conversations.get(one.conversationId);
  if (!conversation) throw new Error('The conversation is not on the desk.');
  return conversation;
};

describe('order of the list', () => {
  test('[C14] the visitor who waits longest stands first, then the latest activity, then what has ended', () => {
    const desk = deskAfter({
      conversations: [
        conversationOf(1, { phase: 'ended', endedAt: NINE_OCLOCK + 9 * MINUTE_MS }),
        conversationOf(2, { waitingSinceAt: NINE_OCLOCK + 3 * MINUTE_MS }),
        conversationOf(3, { acceptedAt: NINE_OCLOCK + MINUTE_MS }),
        conversationOf(4, { waitingSinceAt: NINE_OCLOCK + 2 * MINUTE_MS }),
        conversationOf(5, { acceptedAt: NINE_OCLOCK + 5 * MINUTE_MS }),
        conversationOf(6, { phase: 'ended', endedAt: NINE_OCLOCK + 10 * MINUTE_MS, waitingSinceAt: NINE_OCLOCK }),
      ],
    });
    const order = listConversations(desk).map((conversation) => conversation.visitor.name);
    expect(order).toEqual(['Guest 4', 'Guest 2', 'Guest 5', 'Guest 3', 'Guest 6', 'Guest 1']);
  });

  test('[C14] an answer moves the conversation below those that still wait', () => {
    const conversations = [
      conversationOf(1, { lastSeq: 1, waitingSinceAt: NINE_OCLOCK }),
      conversationOf(2, { waitingSinceAt: NINE_OCLOCK + MINUTE_MS }),
    ];
    expect(listConversations(deskAfter({ conversations }))[0]?.visitor.name).toBe('Guest 1');
    expect(listConversations(deskAfter({ conversations }, agentSays(2)))[0]?.visitor.name).toBe('Guest 2');
  });
});

test('[C14] who is on the phone with the agent does not count as waiting', () => {
  const { conversationId } = conversationOf(1);
  const conversations = [
    conversationOf(1, { waitingSinceAt: NINE_OCLOCK, call: callOf(conversationId, { phase: 'live' }) }),
    conversationOf(2, { waitingSinceAt: NINE_OCLOCK + MINUTE_MS }),
  ];
  expect(listConversations(deskAfter({ conversations }))[0]?.visitor.name).toBe('Guest 2');
});

describe('unread messages', () => {
  test('[C14] each message of the visitor counts once, however often it is heard', () => {
    const desk = deskAfter({ conversations: [one] }, visitorSays(1), visitorSays(1), visitorSays(2, 'Is it\nblue?'));
    expect(countUnread(desk)).toBe(2);
    expect(onlyOne(desk)).toMatchObject({ lastSeq: 2, lastMessage: { preview: 'Is it blue?' } });
  });

  test('[C14] the visitor waits since the first message after the last answer', () => {
    const waiting = onlyOne(
      deskAfter({ conversations: [one] }, visitorSays(1), agentSays(2), visitorSays(3), visitorSays(4)),
    );
    expect(waiting.waitingSinceAt).toBe(NINE_OCLOCK + 3 * MINUTE_MS);
  });

  test('[C14] what another tab of the same agent has read is no longer unread here', () => {
    const readElsewhere: DeskEvent = {
      kind: 'marks-changed',
      conversationId: one.conversationId,
      party: 'agent',
      mark: { deliveredSeq: 2, readSeq: 2 },
    };
    expect(countUnread(deskAfter({ conversations: [one] }, visitorSays(1), visitorSays(2), readElsewhere))).toBe(0);
  });

  test('[C14] a read mark never goes back, so read messages do not become unread by an older view', () => {
    const desk = deskAfter(
      { conversations: [one] },
      visitorSays(1),
      {
        kind: 'marks-changed',
        conversationId: one.conversationId,
        party: 'agent',
        mark: { deliveredSeq: 1, readSeq: 1 },
      },
      { kind: 'conversation-changed', conversation: conversationOf(1, { revision: 1, lastSeq: 1, unreadCount: 1 }) },
    );
    expect(countUnread(desk)).toBe(0);
    expect(onlyOne(desk).marks.agent.readSeq).toBe(1);
  });

  test('[C14] an ended conversation no longer asks for attention', () => {
    const desk = deskAfter({ conversations: [conversationOf(1, { phase: 'ended', unreadCount: 3 })] });
    expect(countUnread(desk)).toBe(0);
  });

  test('[C14] a notice is neither unread nor a wait', () => {
    const desk = deskAfter(
      { conversations: [one] },
      {
        kind: 'message-added',
        conversationId: one.conversationId,
        message: messageOf(1, {
          sender: { kind: 'system', name: '' },
          body: { kind: 'notice', notice: 'call-started', data: {} },
        }),
      },
    );
    expect(onlyOne(desk)).toMatchObject({ lastSeq: 1, unreadCount: 0, waitingSinceAt: null, lastMessage: null });
  });
});

describe('changes of a conversation', () => {
  test('[C14] an older view that arrives late changes nothing', () => {
    const newer = conversationOf(1, { revision: 5, phase: 'held' });
    const desk = deskAfter(
      { conversations: [one] },
      { kind: 'conversation-changed', conversation: newer },
      { kind: 'conversation-changed', conversation: conversationOf(1, { revision: 4 }) },
    );
    expect(onlyOne(desk).phase).toBe('held');
  });

  test('[C1] a view that was read before the last message keeps that message', () => {
    const desk = deskAfter({ conversations: [one] }, visitorSays(1, 'Hello'), {
      kind: 'conversation-changed',
      conversation: conversationOf(1, { revision: 2, lastSeq: 0 }),
    });
    expect(onlyOne(desk)).toMatchObject({ revision: 2, unreadCount: 1, lastMessage: { preview: 'Hello' } });
  });

  test('[C14] a conversation that another agent now leads leaves the list', () => {
    const taken = conversationOf(1, { revision: 2, agent: { agentId: idOf<AgentId>(1, 2), name: 'Jonas Ott' } });
    const desk = deskAfter({ conversations: [one] }, { kind: 'conversation-changed', conversation: taken });
    expect(desk.conversations.size).toBe(0);
  });

  test('[C14] after a reconnection the list is what the server says, without going back in time', () => {
    const before = deskAfter(
      { conversations: [one, conversationOf(2)] },
      { kind: 'conversation-changed', conversation: conversationOf(1, { revision: 7, phase: 'held' }) },
    );
    const after = nextDesk(before, {
      kind: 'session-started',
      session: sessionOf({ conversations: [conversationOf(1, { revision: 6 })] }),
      receivedAt: NINE_OCLOCK,
    });
    expect(after.phase === 'ready' && [...after.conversations.keys()]).toEqual([one.conversationId]);
    expect(after.phase === 'ready' && after.conversations.get(one.conversationId)?.phase).toBe('held');
  });
});

describe('calls', () => {
  const ringing = callOf(one.conversationId);

  test('[M3] a proposed call stands on its conversation and an older view of it changes nothing', () => {
    const desk = deskAfter(
      { conversations: [one] },
      { kind: 'call-changed', call: callOf(one.conversationId, { revision: 3, phase: 'live' }) },
      { kind: 'call-changed', call: ringing },
    );
    expect(onlyOne(desk).call?.phase).toBe('live');
  });

  test('[C16] a view that was read before the call began does not take the call away', () => {
    const desk = deskAfter(
      { conversations: [one] },
      { kind: 'call-changed', call: ringing },
      { kind: 'conversation-changed', conversation: conversationOf(1, { revision: 2 }) },
    );
    expect(onlyOne(desk).call?.callId).toBe(ringing.callId);
  });

  test('[C6] the end of a conversation takes its call along', () => {
    const desk = deskAfter(
      { conversations: [one] },
      { kind: 'call-changed', call: ringing },
      { kind: 'conversation-changed', conversation: conversationOf(1, { revision: 2, phase: 'ended' }) },
    );
    expect(onlyOne(desk).call).toBeNull();
  });

  test('[M3] a call that ended while the connection was away is gone after it is back', () => {
    const before = deskAfter({ conversations: [one] }, { kind: 'call-changed', call: ringing });
    const after = nextDesk(before, {
      kind: 'session-started',
      session: sessionOf({ conversations: [one] }),
      receivedAt: NINE_OCLOCK,
    });
    expect(after.phase === 'ready' && after.conversations.get(one.conversationId)?.call).toBeNull();
  });
});

describe('incoming requests', () => {
  test('[B2] a share that has ended while the connection was lost is gone with the next snapshot, what has begun is there', () => {
    const open = shareOf(one.conversationId, { phase: 'live' });
    const back = (shares: ShareView[], ...events: DeskEvent[]): ReadyDesk =>
      deskAfter(
        { conversations: [{ ...one, shares: [open] }] },
        {
          kind: 'session-started',
          session: sessionOf({ conversations: [{ ...one, shares }] }),
          receivedAt: NINE_OCLOCK,
        },
        ...events,
      );
    expect(onlyOne(back([])).shares).toEqual([]);
    expect(onlyOne(back([{ ...open, revision: 2 }])).shares).toEqual([{ ...open, revision: 2 }]);
    const next = shareOf(one.conversationId, { shareId: idOf<ShareId>(9, 2), askedAt: NINE_OCLOCK + MINUTE_MS });
    expect(onlyOne(back([next])).shares).toEqual([next]);
    // Heard while the snapshot was on its way.
    expect(onlyOne(back([], { kind: 'share-changed', share: next })).shares).toEqual([next]);
  });

  test('[A4] an offer rings once, and a closed one no longer', () => {
    const offer = offerOf(1);
    const rung = deskAfter(
      { offers: [offer] },
      { kind: 'offer-made', offer },
      { kind: 'offer-made', offer: offerOf(2) },
    );
    expect(rung.offers).toHaveLength(2);
    const closed = nextDesk(rung, { kind: 'offer-closed', offerId: offer.offerId });
    expect(closed.phase === 'ready' && closed.offers.map((left) => left.offerId)).toEqual([offerOf(2).offerId]);
  });

  test('[A4] an offer whose closing was lost stops ringing soon after its time is over', () => {
    const offersAt = (serverNow: number) =>
      deskAfter({ offers: [offerOf(1)] }, { kind: 'time-passed', serverNow }).offers;
    expect(offersAt(NINE_OCLOCK + 20_000)).toHaveLength(1);
    expect(offersAt(NINE_OCLOCK + 24_000)).toHaveLength(0);
  });

  test('[A4] the queue and the count of left messages follow the server', () => {
    const desk = deskAfter(
      { openLeftMessages: 2 },
      { kind: 'queue-updated', queue: [offerOf(1).request] },
      { kind: 'left-messages-changed', openCount: 3 },
    );
    expect(desk.queue).toHaveLength(1);
    expect(desk.openLeftMessages).toBe(3);
  });
});

describe('why no request comes', () => {
  const why = (changes: Parameters<typeof agentAda>[0], conversations: AgentConversationView[] = []) =>
    whyNoRequests(deskAfter({ agent: agentAda({ canTakeRequests: false, ...changes }), conversations }));

  test('[A3] the switch comes first, then the status', () => {
    expect(why({ isAvailable: false, status: 'busy' })).toBe('switched-off');
    expect(why({ status: 'busy' })).toBe('busy');
    expect(why({ status: 'offline' })).toBe('offline');
  });

  test('[A3] with all chats taken the reason is the limit', () => {
    expect(why({ chatCap: 1 }, [conversationOf(1), conversationOf(2, { phase: 'ended' })])).toBe('chat-cap');
    expect(why({ chatCap: 2 }, [conversationOf(1)])).toBe('unknown');
    expect(why({ departments: [] })).toBe('no-department');
  });

  test('[A2] away keeps requests coming', () => {
    expect(why({ status: 'away', canTakeRequests: true })).toBeNull();
  });
});

test('[A4] waiting times follow the server, not a computer whose clock is wrong', () => {
  expect(deskAfter({ serverTime: NINE_OCLOCK + 90_000 }).clockOffsetMs).toBe(90_000);
});

test('[A2] a change of status made in another tab is seen here', () => {
  expect(deskAfter({}, { kind: 'agent-changed', agent: agentAda({ status: 'busy' }) }).agent.status).toBe('busy');
});

test('[A4] what is heard before the first snapshot waits for it', () => {
  expect(nextDesk(emptyDesk, { kind: 'offer-made', offer: offerOf(1) })).toBe(emptyDesk);
});
