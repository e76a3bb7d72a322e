import type { PartyContext } from '../handlers.ts';

export function personIdOf(caller: PartyContext): string {
  return caller.party === 'visitor' ? caller.visitorId : caller.agentId;
}

/** Stored with the message: renaming somebody does not rewrite what was said. */
export function senderNameOf(
  caller: PartyContext,
  names: { visitorName: string | null; agentName: string | null },
): string {
  return (caller.party === 'visitor' ? names.visitorName : names.agentName) ?? '';
}
