import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ShareId } from '../../../protocol/ids.ts';
import type { AgentConnection } from '../desk.ts';
import { createRecordingSource } from './recording-source.ts';

const shareId = randomUUID() as ShareId;

/** Answers as the server does, with chunks of one byte more each and pieces of at most four. */
function createLink(chunkCount: number, listedAtOnce: number) {
  const asked: string[] = [];
  const chunks = Array.from({ length: chunkCount }, (_, index) => ({ chunkId: String(index), bytes: index + 1 }));
  const request = async (name: string, input: Record<string, unknown>): Promise<unknown> => {
    asked.push(name);
    switch (name) {
      case 'recording:open-recording':
        return { playbackId: 'playback', recording: {}, marks: [], assetPath: '/cb-asset/x/' };
      case 'recording:list-chunks': {
        const from = input['afterId'] === null ? 0 : Number(input['afterId']) + 1;
        return { chunks: chunks.slice(from, from + listedAtOnce), hasMore: from + listedAtOnce < chunkCount };
      }
      case 'recording:fetch-chunk': {
        const bytes = Number(input['chunkId']) + 1;
        const offset = Number(input['offset']);
        return { data: new Uint8Array(Math.min(4, bytes - offset)).fill(offset + 1).buffer };
      }
      default:
        return {};
    }
  };
  return { asked, request: request as AgentConnection['request'] };
}

test('[SH30] all chunks of a long recording are listed, however many answers it takes', async () => {
  const link = createLink(7, 3);
  const { chunks } = await createRecordingSource(link, shareId).open();
  expect(chunks.map(({ chunkId }) => chunkId)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
});

test('[SH30] a chunk is put together of its pieces', async () => {
  const link = createLink(12, 20);
  const source = createRecordingSource(link, shareId);
  await source.open();
  expect([...(await source.fetchChunk({ chunkId: '9', bytes: 10 }))]).toEqual([1, 1, 1, 1, 5, 5, 5, 5, 9, 9]);
});

test('[SH30] who has looked enough says so, once', async () => {
  const link = createLink(1, 1);
  const source = createRecordingSource(link, shareId);
  source.close();
  await source.open();
  source.close();
  source.close();
  expect(link.asked.filter((name) => name === 'recording:close-recording')).toHaveLength(1);
});
