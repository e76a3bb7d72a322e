import type { ToViewer } from './viewer-messages.ts';

/** One piece of one frame as it came over the port. */
export type FramePiece = Omit<Extract<ToViewer, { type: 'frame' }>, 'type' | 'data'> & { data: Uint8Array };

/** Deflated; beyond it a tab that is not shown waits for its next key frame. The relay keeps less. */
const MAX_KEPT_BYTES = 6_000_000;
const MAX_KEPT_TABS = 16;

/** The pieces of each tab since its last key frame, so that a tab can be shown at once when the agent turns to it. */
export interface KeptPieces {
  add(piece: FramePiece): void;
  /** In order; empty when the tab has to wait for a key frame. */
  piecesOf(tabId: string): readonly FramePiece[];
  /** Forgets what belongs to an older scope. */
  clearBelow(scopeNumber: number): void;
}

export function createKeptPieces(): KeptPieces {
  const tabs = new Map<string, { pieces: FramePiece[]; bytes: number }>();

  return {
    add(piece) {
      const tab = tabs.get(piece.tabId);
      const last = tab?.pieces.at(-1);
      const isSameFrame = last !== undefined && last.epoch === piece.epoch && last.seq === piece.seq && !last.isLast;
      if (piece.isKey && !isSameFrame) {
        tabs.delete(piece.tabId);
        const [oldest] = tabs.keys();
        if (tabs.size >= MAX_KEPT_TABS && oldest !== undefined) tabs.delete(oldest);
        tabs.set(piece.tabId, { pieces: [piece], bytes: piece.data.byteLength });
        return;
      }
      if (tab === undefined) return;
      tab.pieces.push(piece);
      tab.bytes += piece.data.byteLength;
      if (tab.bytes > MAX_KEPT_BYTES || last?.epoch !== piece.epoch) tabs.delete(piece.tabId);
    },
    piecesOf: (tabId) => tabs.get(tabId)?.pieces ?? [],
    clearBelow(scopeNumber) {
      for (const [tabId, { pieces }] of tabs) {
        if (pieces.some((piece) => piece.scopeNumber < scopeNumber)) tabs.delete(tabId);
      }
    },
  };
}
