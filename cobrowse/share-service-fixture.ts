import { v7 as uuid } from 'uuid';
import type { ConversationId, ShareId } from '../protocol/ids.ts';
import { shareGrantName, type ShareScope } from '../protocol/sharing.ts';
import type { ShareGate, ShareRelay } from './relay/relay.ts';
import type { ShareCaller, ShareHost } from './share-host.ts';
import { createShareService, type ShareService } from './share-service.ts';
import { createMemoryShareStore } from './share-store-memory.ts';

export const conversationId = uuid() as ConversationId;
const page: ShareScope = { kind: 'page', hiddenParts: 0 };

export const callerOf = (party: 'visitor' | 'agent', fields: Partial<ShareCaller> = {}): ShareCaller => ({
  party,
  personId: `the ${party}`,
  socketId: `page of the ${party}`,
  mayUse: async (id) => id === conversationId,
  ...fields,
});
export const visitor = callerOf('visitor');
export const agent = callerOf('agent');

export interface ShareServiceStage {
  service: ShareService;
  gate: ShareGate;
  store: ReturnType<typeof createMemoryShareStore>;
  clock: number;
  /** What happened, in order: `shut`, and each question to the database. */
  steps: string[];
  told: string[];
  isAgentThere: boolean;
  /** Its row has been damaged. */
  unreadable: ShareId | undefined;
  /** Another service on the same store, as after a restart. */
  restart(): void;
  /** A page that the visitor has allowed, and that both sides have used. */
  shared(): Promise<ShareId>;
  /** As another node stores it. */
  endElsewhere(shareId: ShareId): Promise<void>;
}

/** A share service with everything around it in memory. */
export function createShareServiceStage(): ShareServiceStage {
  const store = createMemoryShareStore();
  const isReadable = ({ shareId }: { shareId: ShareId }): boolean => shareId !== stage.unreadable;

  function createHost(): ShareHost {
    return {
      now: () => stage.clock,
      nodeId: 'node-1',
      log: {
        debug() {},
        info() {},
        warn() {},
        error: (_fields, message) => void stage.steps.push(`error: ${message}`),
      },
      shares: {
        ...store,
        async findShare(shareId) {
          stage.steps.push('reads');
          if (shareId === stage.unreadable) throw new Error('The row cannot be read.');
          return store.findShare(shareId);
        },
        async saveShare(...given) {
          stage.steps.push('writes');
          return store.saveShare(...given);
        },
        listShares: async (shareIds) => (await store.listShares(shareIds)).filter(isReadable),
        listOpenShares: async () => (await store.listOpenShares()).filter(isReadable),
      },
      findDeserted: async (ids) => new Set(stage.isAgentThere ? [] : ids),
      findParticipants: async () => ({
        phase: 'active',
        visitor: { personId: visitor.personId, name: 'Grace' },
        agent: { personId: agent.personId, name: 'Mira' },
        settings: {
          offersCoBrowse: true,
          offersScreen: true,
          mayChangeScope: true,
          defaultGrants: ['point'],
          offeredGrants: shareGrantName.options,
          grantMs: 600_000,
          mayRecord: true,
          openableOrigins: [],
        },
      }),
      tellConversation: (_id, name, payload) => void stage.told.push(`${name} ${JSON.stringify(payload)}`),
      tellVisitor() {},
      tellVisitorPage() {},
      tellAgentPage() {},
      audit: async () => {},
    };
  }

  function start(): { service: ShareService; gate: ShareGate } {
    const relay = {
      handlers: {} as ShareRelay['handlers'],
      shut: (_shareId: ShareId, scopeNumber: number) => void stage.steps.push(`shut ${scopeNumber}`),
      handleChanged: ({ phase }) => void stage.steps.push(`relay hears ${phase}`),
      watcherNamesOf: () => ['Mira'],
      handleSocketGone: (socketId) => void stage.steps.push(`relay loses ${socketId}`),
      findAsset: async () => undefined,
      readNumbers: () => {
        throw new Error('Nobody counts here.');
      },
      close() {},
    } satisfies ShareRelay;
    let gate: ShareGate | undefined;
    const service = createShareService({
      host: createHost(),
      shutScreen: () => void stage.steps.push('screen shut'),
      pauseScreen: async (_shareId, isPaused) => void stage.steps.push(isPaused ? 'screen paused' : 'screen goes on'),
      openRelay(given) {
        gate = given;
        return relay;
      },
    });
    if (!gate) throw new Error('The service has opened no relay.');
    return { service, gate };
  }

  const stage: ShareServiceStage = {
    ...start(),
    store,
    clock: 1_000_000,
    steps: [],
    told: [],
    isAgentThere: true,
    unreadable: undefined,
    restart: () => void Object.assign(stage, start()),
    async shared() {
      const { share } = await stage.service.handlers['share:allow-share'](
        { conversationId, shareId: null, scope: page, mayBeRecorded: false },
        visitor,
      );
      await stage.gate.requireShare(share.shareId, visitor);
      await stage.gate.requireShare(share.shareId, agent);
      stage.steps = [];
      return share.shareId;
    },
    async endElsewhere(shareId) {
      const record = await store.findShare(shareId);
      if (!record) throw new Error('The share is not stored.');
      const over = { phase: 'ended', endedAt: stage.clock, endReason: 'ended-by-viewer', scopeNumber: 2 } as const;
      await store.saveShare({ ...record, ...over, revision: 2, dueAt: null }, 1, []);
    },
  };
  return stage;
}
