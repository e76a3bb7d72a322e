import { isOpenable } from '../openable-pages.ts';
import { shareFaults, ShareError } from '../share-error.ts';
import type { ShareCaller, ShareHost, ShareSettings, StreamHandlers } from '../share-host.ts';
import { grantFor, nodeOf } from './act-desk.ts';
import type { ShareGate } from './relay.ts';
import { countAct, type RelayCounters } from './relay-metrics.ts';
import type { ShareRoom, Viewer } from './share-room.ts';
import type { TabStream } from './tab-stream.ts';

type AskAct = StreamHandlers['share:ask-act'];
type ActInput = Parameters<AskAct>[0];

export interface ActAskerParts {
  host: ShareHost;
  gate: Pick<ShareGate, 'findConversationOf'>;
  counters: RelayCounters;
  /** @throws `not-found` or `share-ended` */
  requireRoom(input: ActInput, caller: ShareCaller): Promise<ShareRoom>;
  /** @throws `forbidden` for who does not watch */
  requireViewer(room: ShareRoom, caller: ShareCaller): Viewer;
  /** @throws `stale-stream` */
  requireStream(room: ShareRoom, input: ActInput): TabStream;
  isFlowing(room: ShareRoom): boolean;
  settingsOf(room: ShareRoom): Promise<ShareSettings>;
}

/**
 * What an agent asks to have done on the visitor's page: passed on to that page, or refused. Whatever is refused is on
 * record, also what is asked of an ended share, of somebody else's, or by who does not watch.
 */
export function createActAsker(parts: ActAskerParts): AskAct {
  const { host, gate, counters } = parts;

  async function askPage(input: ActInput, caller: ShareCaller): Promise<void> {
    const { shareId, actId, act, tabId, epoch } = input;
    const room = await parts.requireRoom(input, caller);
    const viewer = parts.requireViewer(room, caller);
    // First: nothing is awaited between what is checked and the act.
    const openableOrigins = act.kind === 'open' ? (await parts.settingsOf(room)).openableOrigins : [];
    const stream = parts.requireStream(room, input);
    if (!viewer.acts.take()) throw shareFaults.tooMuch();
    if (!parts.isFlowing(room) || !room.hasGrant(grantFor(act))) throw shareFaults.notGranted();
    const { socketId: askerSocketId, personId: agentId } = caller;
    const pageSocketId = stream.socketId;
    const taken = room.acts.add({ actId, act, tabId, epoch, agentId, askerSocketId, pageSocketId });
    if (taken === 'full') throw shareFaults.tooMuch();
    // Asked a second time, it has been or will be answered once.
    if (taken === 'known') return;
    if (act.kind === 'open' && !isOpenable(act.url, stream.tab.url, openableOrigins)) {
      // The visitor is not even asked.
      room.acts.report(actId, pageSocketId, 'elsewhere');
      return;
    }
    const { name: agentName } = viewer;
    host.tellVisitorPage(pageSocketId, 'share:act-asked', { shareId, tabId, epoch, actId, act, agentName });
  }

  async function recordRefusal({ shareId, tabId, act }: ActInput, caller: ShareCaller, code: string): Promise<void> {
    const refusal = code === 'share-not-allowed' ? 'not-granted' : code;
    countAct(counters, refusal);
    // A flood is counted; each line of it would only bury the others.
    if (code === 'rate-limited') return;
    const conversationId = await gate.findConversationOf(shareId);
    if (conversationId === undefined) return;
    await host.audit({
      conversationId,
      shareId,
      actor: caller.party,
      actorId: caller.personId,
      what: 'act-refused',
      data: { kind: act.kind, nodeId: nodeOf(act), tabId, refusal },
    });
  }

  return async (input, caller) => {
    try {
      await askPage(input, caller);
    } catch (error) {
      if (error instanceof ShareError) await recordRefusal(input, caller, error.code);
      throw error;
    }
    return {};
  };
}
