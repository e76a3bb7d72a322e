import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createFrameDeflater } from '../../client/widget/share/deflate/frame-deflater.ts';
import type { StreamEvent } from '../stream-events.ts';
import { createFrameDecoder, type Decoded } from './frame-decoder.ts';
import { createKeptPieces, type FramePiece } from './frame-piece.ts';

/** A sender as the contract describes it: one deflate context per key frame, a sync flush at the end of each frame. */
function createSender(pieceBytes = 64_000) {
  const deflate = createFrameDeflater();
  let seq = 0;
  return (events: unknown, isKey = false): FramePiece[] => {
    const whole = deflate(JSON.stringify(events), isKey);
    const place = { tabId: 'tab', epoch: 1, scopeNumber: 0, seq: seq++, isKey };
    return Array.from({ length: Math.ceil(whole.length / pieceBytes) }, (_, index) => {
      const data = new Uint8Array(whole.subarray(index * pieceBytes, (index + 1) * pieceBytes));
      return { ...place, isLast: (index + 1) * pieceBytes >= whole.length, data };
    });
  };
}

const custom = (payload: unknown) => ({ type: 5, timestamp: 1, data: { tag: 'test', payload } }) as StreamEvent;
const payloadsOf = (decoded: Decoded) =>
  decoded.kind === 'frame' ? decoded.events.map(({ data }) => (data as { payload: unknown }).payload) : decoded.kind;

describe('frames on their way into the viewer', () => {
  test('[B5] a key frame and what follows come out as they went in, whatever the size of the pieces', () => {
    for (const pieceBytes of [1, 7, 100, 64_000]) {
      const send = createSender(pieceBytes);
      const decoder = createFrameDecoder();
      const texts = ['first ', 'ä🧭'.repeat(300), 'third'].map((text, index) => `${text}${index}`);
      const results = texts.map((text, index) => {
        const answers = send([custom(text)], index === 0).map((piece) => decoder.take(piece));
        expect(answers.slice(0, -1).every(({ kind }) => kind === 'more')).toBe(true);
        return payloadsOf(answers.at(-1)!);
      });
      expect(results).toEqual(texts.map((text) => [text]));
    }
  });

  test('[B5] 300 frames of one context stay readable to the last byte', () => {
    const send = createSender();
    const decoder = createFrameDecoder();
    for (let index = 0; index < 300; index += 1) {
      const [piece] = send([custom({ index, text: 'x'.repeat(index) })], index === 0);
      expect(payloadsOf(decoder.take(piece!))).toEqual([{ index, text: 'x'.repeat(index) }]);
    }
  });

  test('[B5] a missing frame is noticed, and only a key frame mends it', () => {
    const send = createSender();
    const decoder = createFrameDecoder();
    const [key, lost, after, later, newKey, last] = [0, 1, 2, 3, 4, 5].map(
      (n) => send([custom(n)], n === 0 || n === 4)[0]!,
    );
    expect(decoder.take(key!).kind).toBe('frame');
    expect(decoder.take(after!).kind).toBe('gap');
    expect(decoder.take(lost!).kind).toBe('dropped');
    expect(decoder.take(later!).kind).toBe('dropped');
    expect(payloadsOf(decoder.take(newKey!))).toEqual([4]);
    expect(payloadsOf(decoder.take(last!))).toEqual([5]);
  });

  test('[B5] the same key frame and its tail may be sent again after a gap', () => {
    const send = createSender();
    const decoder = createFrameDecoder();
    const pieces = [0, 1, 2, 3].map((n) => send([custom(n)], n === 0)[0]!);
    expect([pieces[0], pieces[2]].map((piece) => decoder.take(piece!).kind)).toEqual(['frame', 'gap']);
    expect(pieces.map((piece) => payloadsOf(decoder.take(piece)))).toEqual([[0], [1], [2], [3]]);
  });

  test('[B5] a doubled frame changes nothing', () => {
    const send = createSender();
    const decoder = createFrameDecoder();
    const pieces = [0, 1, 2].map((n) => send([custom(n)], n === 0)[0]!);
    const kinds = [0, 1, 0, 1, 1, 2].map((index) => decoder.take(pieces[index]!).kind);
    expect(kinds).toEqual(['frame', 'frame', 'dropped', 'dropped', 'dropped', 'frame']);
  });

  test('[B5] a frame that breaks off before the next begins is a gap', () => {
    const send = createSender(10);
    const decoder = createFrameDecoder();
    for (const piece of send([custom('key')], true)) decoder.take(piece);
    const [part] = send([custom('a longer one that takes several pieces, of which one comes')]);
    expect(decoder.take(part!).kind).toBe('more');
    expect(decoder.take(send([custom('next')])[0]!).kind).toBe('gap');
  });

  test.each([
    ['no deflate', new Uint8Array([255, 1, 2, 3])],
    ['nothing at all', new Uint8Array([])],
  ])('[B5] a frame that is %s fails, and what follows waits for a key frame', (_what, data) => {
    const decoder = createFrameDecoder();
    const place = { tabId: 'tab', epoch: 1, scopeNumber: 0, isLast: true };
    expect(decoder.take({ ...place, seq: 0, isKey: true, data }).kind).toBe('failed');
    expect(decoder.take({ ...place, seq: 1, isKey: false, data }).kind).toBe('dropped');
  });

  test.each([{}, 'text', 7, null, [1], [null], [{ type: 'x', data: {} }], [{ type: 5 }], [{ type: 5, data: 1 }]])(
    '[O5] %j is no list of events',
    (content) => {
      const decoder = createFrameDecoder();
      expect(decoder.take(createSender()(content, true)[0]!).kind).toBe('failed');
    },
  );

  test('[O5] a small frame that swells to hundreds of megabytes is given up on', () => {
    const whole = new Uint8Array(deflateRawSync(Buffer.alloc(80_000_000, ' ')));
    expect(whole.length).toBeLessThan(200_000);
    const decoder = createFrameDecoder();
    const place = { tabId: 'tab', epoch: 1, scopeNumber: 0, isLast: true };
    expect(decoder.take({ ...place, seq: 0, isKey: true, data: whole }).kind).toBe('failed');
  });
});

describe('the pieces that are kept of each tab', () => {
  const piece = (change: Partial<FramePiece>): FramePiece => ({
    tabId: 'a',
    epoch: 1,
    scopeNumber: 1,
    seq: 0,
    isKey: false,
    isLast: true,
    data: new Uint8Array(10),
    ...change,
  });

  test('[B8] from the last key frame on, tab by tab', () => {
    const kept = createKeptPieces();
    for (const tabId of ['a', 'b']) {
      kept.add(piece({ tabId, seq: 0 }));
      kept.add(piece({ tabId, seq: 1, isKey: true, isLast: false }));
      kept.add(piece({ tabId, seq: 1, isKey: true }));
      kept.add(piece({ tabId, seq: 2 }));
    }
    kept.add(piece({ tabId: 'b', seq: 3, isKey: true }));
    expect(kept.piecesOf('a').map(({ seq }) => seq)).toEqual([1, 1, 2]);
    expect(kept.piecesOf('b').map(({ seq }) => seq)).toEqual([3]);
    expect(kept.piecesOf('c')).toEqual([]);
  });

  test('[B3] what belongs to an older scope is forgotten', () => {
    const kept = createKeptPieces();
    kept.add(piece({ isKey: true, scopeNumber: 1 }));
    kept.add(piece({ tabId: 'b', isKey: true, scopeNumber: 2 }));
    kept.clearBelow(2);
    expect([kept.piecesOf('a').length, kept.piecesOf('b').length]).toEqual([0, 1]);
  });

  test('[O5] a tab whose tail grows without end is dropped', () => {
    const kept = createKeptPieces();
    kept.add(piece({ isKey: true }));
    for (let seq = 1; seq <= 7; seq += 1) kept.add(piece({ seq, data: new Uint8Array(1_000_000) }));
    expect(kept.piecesOf('a')).toEqual([]);
  });
});
