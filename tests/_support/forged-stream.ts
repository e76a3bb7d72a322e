import { constants, deflateRawSync } from 'node:zlib';
import type { ShareId } from '../../protocol/ids.ts';
import { MAX_PIECE_BYTES } from '../../protocol/sharing.ts';
import type { VisitorPage } from './story.ts';

/** Packs one frame, whatever is in it: a context of its own, as a key frame has. */
export function packFrame(content: string | Buffer | readonly object[]): Uint8Array {
  const given = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  return deflateRawSync(given, { finishFlush: constants.Z_SYNC_FLUSH });
}

export interface ForgedStream {
  readonly epoch: number;
  /** Sends one frame in pieces, each after the one before; `ok`, or the code of the first refusal. */
  send(frame: Uint8Array, isKey: boolean, wrong?: { epoch?: number; scopeNumber?: number }): Promise<string>;
}

/** A page that begins to stream, by a program that sends what it is given. */
export async function openForgedStream(visitor: VisitorPage, shareId: ShareId, tabId: string): Promise<ForgedStream> {
  const page = { url: 'https://shop.example.com/', title: '<script>top.hacked=1</script>' };
  const { epoch, scopeNumber } = await visitor.request('share:open-stream', { shareId, tabId, page, isFront: true });
  let seq = 0;
  return {
    epoch,
    async send(frame, isKey, wrong) {
      for (let at = 0; at < frame.byteLength; at += MAX_PIECE_BYTES) {
        const data = Buffer.from(frame.subarray(at, at + MAX_PIECE_BYTES));
        const isLast = at + MAX_PIECE_BYTES >= frame.byteLength;
        const piece = { shareId, tabId, epoch, scopeNumber, seq, isKey, isLast, data, ...wrong };
        const ack = await visitor.requestRaw('share:send-frame', piece);
        if (!ack.ok) return ack.error.code;
      }
      seq += 1;
      return 'ok';
    },
  };
}
