import { effect } from '@preact/signals';
import type { AgentEvents, AgentRequests, VisitorEvents, VisitorRequests } from '../../../protocol/contract.ts';
import type { CallSignalling } from '../../../media/browser/call-signalling.ts';
import type { Connection } from '../../connection/connection.ts';

/** What a call needs, from the connection that the page has anyway. */
export function toCallSignalling(
  connection: Connection<VisitorRequests, VisitorEvents> | Connection<AgentRequests, AgentEvents>,
): CallSignalling {
  return {
    request: connection.request,
    on: connection.on,
    onReconnected(handler) {
      let wasAway = false;
      return effect(() => {
        const state = connection.state.value;
        if (state === 'reconnecting') wasAway = true;
        if (state !== 'online' || !wasAway) return;
        wasAway = false;
        queueMicrotask(handler);
      });
    },
  };
}
