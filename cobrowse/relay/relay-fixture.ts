import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';
import type { DeflateRaw } from 'node:zlib';
import type { EventOf } from '../../protocol/contract.ts';
import { conversationId, shareId } from '../../protocol/ids.ts';
import type { Party } from '../../protocol/ids.ts';
import { MAX_PIECE_BYTES } from '../../protocol/sharing.ts';
import type { ShareScope } from '../../protocol/sharing.ts';
import { shareFaults } from '../share-error.ts';
import type { AgentShareEvents, ShareAuditEntry, ShareCaller, ShareHost } from '../share-host.ts';
import type { ShareRecord } from '../share-record.ts';
import { createShareRelay } from './create-relay.ts';
import type { AssetDoor, ShareGate, ShareRelay, StreamRecorder } from './relay.ts';
import type { RelayLimits } from './relay-limits.ts';

/** Frames as they are in a test: lists of recorder events. */
export type Events = readonly object[];

/** The last event that a page was told, by name. */
export interface Told {
  socketId: string;
  name: string;
  payload: never;
}

export interface RelayStage {
  relay: ShareRelay;
  record: ShareRecord;
  told: { socketId: string; name: string; payload: unknown }[];
  audited: ShareAuditEntry[];
  presence: boolean[];
  firstFrames: number;
  /** How often the relay has given a share up. */
  givenUp: number;
  clock: { now: number };
  /** Stores a change as the state does, and tells the relay. */
  change(fields: Partial<ShareRecord>): void;
  toldTo<Name extends keyof AgentShareEvents>(socketId: string, name: Name): EventOf<AgentShareEvents, Name>[];
  toldVisitor(name: string): unknown[];
}

export interface StageOptions {
  limits?: Partial<RelayLimits>;
  assets?: AssetDoor;
  recorder?: StreamRecorder;
  processorMs?: () => number;
  record?: Partial<ShareRecord>;
  /** Agents who may no longer use the conversation. */
  barred?: Set<string>;
}

const WHOLE_PAGE: ShareScope = { kind: 'page', hiddenParts: 0 };

/** A relay with everything around it in memory. */
export function createRelayStage(options: StageOptions = {}): RelayStage {
  const clock = { now: 1_700_000_000_000 };
  const record: ShareRecord = {
    shareId: shareId.parse(randomUUID()),
    conversationId: conversationId.parse(randomUUID()),
    revision: 1,
    kind: 'co-browse',
    sharer: 'visitor',
    askedBy: 'agent',
    phase: 'allowed',
    scopeNumber: 1,
    scope: WHOLE_PAGE,
    pausedBecause: null,
    grants: [],
    askedGrant: null,
    askedGrantUntil: null,
    homeNodeId: 'node-1',
    lastEpoch: 0,
    isRecorded: false,
    askedAt: clock.now,
    allowedAt: clock.now,
    liveAt: null,
    endedAt: null,
    endReason: null,
    dueAt: null,
    sharerGraceUntil: null,
    viewerGraceUntil: null,
    ...options.record,
  };
  const stage: Omit<RelayStage, 'relay'> = {
    record,
    told: [],
    audited: [],
    presence: [],
    firstFrames: 0,
    givenUp: 0,
    clock,
    change(fields) {
      Object.assign(record, fields, { revision: record.revision + 1 });
      relay.handleChanged(structuredClone(record));
    },
    toldTo: <Name extends keyof AgentShareEvents>(socketId: string, name: Name) =>
      stage.told
        .filter((event) => event.socketId === socketId && event.name === name)
        .map(({ payload }) => payload as EventOf<AgentShareEvents, Name>),
    toldVisitor: (name) =>
      stage.told.filter((event) => event.socketId !== 'agents' && event.name === name).map(({ payload }) => payload),
  };
  const tell = (socketId: string, name: string, payload: unknown): void =>
    void stage.told.push({ socketId, name, payload });
  const unused = (): never => {
    throw new Error('The relay does not touch the store.');
  };
  const host: ShareHost = {
    now: () => clock.now,
    nodeId: 'node-1',
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    shares: {
      insertShare: unused,
      findShare: unused,
      listShares: unused,
      listOpenSharesOf: unused,
      listOpenShares: unused,
      listDueShares: unused,
      saveShare: unused,
    },
    findDeserted: () => Promise.resolve(new Set()),
    findParticipants: () =>
      Promise.resolve({
        phase: 'active',
        visitor: { personId: 'visitor-1', name: 'Grace Hofer' },
        agent: { personId: 'agent-1', name: 'Ada Keller' },
        settings: {
          offersCoBrowse: true,
          offersScreen: true,
          mayChangeScope: true,
          defaultGrants: [],
          offeredGrants: [],
          grantMs: 60_000,
          mayRecord: true,
          openableOrigins: ['https://pay.example'],
        },
      }),
    tellConversation: (_conversationId, name, payload) => tell('conversation', name, payload),
    tellVisitor: (_conversationId, name, payload) => tell('visitor', name, payload),
    tellVisitorPage: (socketId, name, payload) => tell(socketId, name, payload),
    tellAgentPage: (socketId, name, payload) => tell(socketId, name, payload),
    audit: (entry) => Promise.resolve(void stage.audited.push(entry)),
  };
  const gate: ShareGate = {
    async requireShare(_shareId, caller) {
      if (options.barred?.has(caller.personId)) throw shareFaults.notFound();
      if (record.phase === 'ended') throw shareFaults.ended();
      return Promise.resolve(structuredClone(record));
    },
    findConversationOf: (shareId) => Promise.resolve(shareId === record.shareId ? record.conversationId : undefined),
    async takeEpoch(_shareId, _caller) {
      record.lastEpoch += 1;
      return Promise.resolve({ epoch: record.lastEpoch, record: structuredClone(record) });
    },
    handleFirstFrame: () => Promise.resolve(void (stage.firstFrames += 1)),
    handleWatchersChanged: () => undefined,
    handleHopeless: () => Promise.resolve(void (stage.givenUp += 1)),
    handleSharerPresence: (_shareId, isThere) => Promise.resolve(void stage.presence.push(isThere)),
  };
  const relay = createShareRelay({
    host,
    gate,
    recorder: options.recorder ?? null,
    assets: options.assets ?? { fetchPublic: () => Promise.resolve(undefined) },
    ...(options.limits && { limits: options.limits }),
    ...(options.processorMs && { processorMs: options.processorMs }),
  });
  return Object.assign(stage, { relay });
}

export function callerOf(party: Party, socketId: string, personId = `${party}-1`): ShareCaller {
  return { party, personId, socketId, mayUse: () => Promise.resolve(true) };
}

/** A page of the visitor that streams, as the widget would. */
export interface TestPage {
  caller: ShareCaller;
  tabId: string;
  epoch: number;
  scopeNumber: number;
  isWanted: boolean;
  nextSeq: number;
  /** Packed as the next frame, in pieces. */
  pack(events: Events | string, isKey?: boolean): Promise<Buffer[]>;
  send(events: Events | string, isKey?: boolean): Promise<void>;
  sendPieces(pieces: readonly Buffer[], isKey: boolean, seq?: number): Promise<void>;
}

export async function openPage(
  { relay, record }: RelayStage,
  options: { socketId?: string; tabId?: string; isFront?: boolean } = {},
): Promise<TestPage> {
  const caller = callerOf('visitor', options.socketId ?? `page-${randomUUID()}`);
  const tabId = options.tabId ?? randomUUID();
  const opened = await relay.handlers['share:open-stream'](
    {
      shareId: record.shareId,
      tabId,
      page: { url: 'https://shop.example.com/cart', title: 'Cart' },
      isFront: options.isFront ?? true,
    },
    caller,
  );
  const page: TestPage = {
    caller,
    tabId,
    ...opened,
    nextSeq: 0,
    pack: createPacker(),
    async send(events, isKey = false) {
      const seq = page.nextSeq;
      page.nextSeq += 1;
      await page.sendPieces(await page.pack(events, isKey), isKey, seq);
    },
    async sendPieces(pieces, isKey, seq = page.nextSeq) {
      await Promise.all(
        pieces.map((data, index) =>
          relay.handlers['share:send-frame'](
            {
              shareId: record.shareId,
              tabId,
              epoch: page.epoch,
              scopeNumber: page.scopeNumber,
              seq,
              isKey,
              isLast: index === pieces.length - 1,
              data,
            },
            caller,
          ),
        ),
      );
    },
  };
  return page;
}

/** Packs frame after frame as the widget does: one context from each key frame on. */
export function createPacker(): TestPage['pack'] {
  let context: DeflateRaw | undefined;
  return async (events, isKey = false) => {
    if (isKey || !context) context = createDeflateRaw({ level: 1 });
    const deflater = context;
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer): void => void chunks.push(chunk);
    deflater.on('data', take);
    deflater.write(typeof events === 'string' ? events : JSON.stringify(events));
    await new Promise<void>((resolve) => deflater.flush(constants.Z_SYNC_FLUSH, resolve));
    deflater.off('data', take);
    const packed = Buffer.concat(chunks);
    const pieces: Buffer[] = [];
    for (let from = 0; from < packed.length; from += MAX_PIECE_BYTES) {
      pieces.push(packed.subarray(from, from + MAX_PIECE_BYTES));
    }
    return pieces;
  };
}

/** An agent's page that watches from now on. */
export async function openViewer(stage: RelayStage, socketId: string, agentId = 'agent-1') {
  const caller = callerOf('agent', socketId, agentId);
  const answer = await stage.relay.handlers['share:watch-stream']({ shareId: stage.record.shareId }, caller);
  await nextTurn();
  return { caller, ...answer };
}

export const META = {
  type: 4,
  data: { href: 'https://shop.example.com/cart', width: 1280, height: 720 },
  timestamp: 1,
};

/** A page with these nodes in its body. Ids 1 to 5 are taken by what is around them. */
export function keyFrame(body: readonly unknown[] = [], timestamp = 1): object[] {
  const element = (id: number, tagName: string, childNodes: readonly unknown[]) => ({
    type: 2,
    id,
    tagName,
    attributes: {},
    childNodes,
  });
  const node = {
    type: 0,
    id: 1,
    childNodes: [
      { type: 1, id: 2, name: 'html', publicId: '', systemId: '' },
      element(3, 'html', [element(4, 'head', []), element(5, 'body', body)]),
    ],
  };
  return [META, { type: 2, data: { node, initialOffset: { top: 0, left: 0 } }, timestamp }];
}

export function textAdded(id: number, textContent: string, parentId = 5): object {
  const adds = [{ parentId, nextId: null, node: { type: 3, id, textContent } }];
  return { type: 3, data: { source: 0, texts: [], attributes: [], removes: [], adds }, timestamp: 2 };
}

/** What a viewer has been sent of one tab, unpacked as it does: one context from each key frame on. */
export function readFrames(stage: RelayStage, socketId: string, tabId: string): Promise<ReadFrame[]> {
  return unpackFrames(stage.toldTo(socketId, 'share:frame-arrived').filter((event) => event.tabId === tabId));
}

export interface ReadFrame {
  seq: number;
  text: string;
}

export async function unpackFrames(
  frames: readonly EventOf<AgentShareEvents, 'share:frame-arrived'>[],
): Promise<ReadFrame[]> {
  const read: { seq: number; text: string }[] = [];
  let context = createInflateRaw({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH });
  let pieces: Uint8Array[] = [];
  for (const frame of frames) {
    pieces.push(frame.data);
    if (!frame.isLast) continue;
    if (frame.isKey) context = createInflateRaw({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH });
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer): void => void chunks.push(chunk);
    context.on('data', take);
    const data = Buffer.concat(pieces);
    await new Promise<void>((resolve, reject) => context.write(data, (error) => (error ? reject(error) : resolve())));
    context.off('data', take);
    read.push({ seq: frame.seq, text: Buffer.concat(chunks).toString('utf8') });
    pieces = [];
  }
  return read;
}
