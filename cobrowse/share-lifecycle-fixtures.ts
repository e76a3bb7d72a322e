import type { ShareGrantName, ShareScope } from '../protocol/sharing.ts';
import type { ShareState } from './share-lifecycle.ts';

export const page: ShareScope = { kind: 'page', hiddenParts: 0 };
export const part: ShareScope = { kind: 'part', hiddenParts: 0 };
export const screen: ShareScope = { kind: 'screen', surface: 'window' };

/** The agent has asked for the visitor's page, and there is no answer yet. */
export const asked: ShareState = {
  kind: 'co-browse',
  sharer: 'visitor',
  askedBy: 'agent',
  scopeNumber: 0,
  phase: 'asked',
  answerUntil: 60_000,
};
export const askedScreen: ShareState = { ...asked, kind: 'screen' };
export const agentScreen: ShareState = { ...asked, kind: 'screen', sharer: 'agent' };
export const offered: ShareState = { ...asked, askedBy: 'visitor' };

export const grantsOf = (state: ShareState): ShareGrantName[] =>
  'grants' in state ? state.grants.map(({ grant }) => grant) : [];
